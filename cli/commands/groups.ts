import type { Command } from 'commander';
import { groupNameSchema } from '#lib/contracts/groups.ts';
import { toVisible } from '#lib/core/text/visible.ts';
import { changeGroup } from '#lib/server/groups/change-group.ts';
import { listGroups } from '#lib/server/groups/list-groups.ts';
import type { Cli } from '../cli.ts';
import type { Host } from '../host.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { splitList } from '../split-list.ts';
import { tableOr } from '../table.ts';

export function addGroups(program: Command, cli: Cli): void {
  const groups = program.command('groups').description('who counts for which factor of a rule');
  groups
    .command('list')
    .description('every group that somebody is in or that something names, with its members')
    .action(() => cli.onHost(list));
  groups
    .command('change')
    .description('take people into a group and out of it, all or none; the first member begins it')
    .argument('<group>')
    .option('--add <list>', 'e-mail addresses, separated by commas', '')
    .option('--remove <list>', 'e-mail addresses, separated by commas', '')
    .action((name: string, options: { add: string; remove: string }) =>
      cli.onHost((host) => change(host, name, splitList(options.add), splitList(options.remove))),
    );
}

async function list(host: Host): Promise<Outcome> {
  const page = await listGroups(host.prisma);
  const rows = page.items.map((group) => [
    toVisible(group.name),
    group.members.map((member) => (member.active ? member.email : `${member.email} (disabled)`)).join(', ') || '-',
    toVisible([...group.rules, ...(group.breakGlass ? ['break-glass'] : [])].join(', ')) || '-',
  ]);
  return done(page, tableOr('No group yet.', ['GROUP', 'MEMBERS', 'ASKED BY'], rows));
}

async function change(host: Host, name: string, add: readonly string[], remove: readonly string[]): Promise<Outcome> {
  const emails = [...new Set([...add, ...remove].map((email) => email.toLowerCase()))];
  const group = groupNameSchema.safeParse(name);
  if (!group.success || emails.length === 0 || emails.length < add.length + remove.length) {
    const sentence = 'Give a group without spaces and commas, and people with --add or --remove, each once.';
    return failed(EXIT.usage, 'usage', sentence);
  }
  const people = await host.prisma.person.findMany({ where: { email: { in: emails } } });
  const missing = emails.filter((email) => !people.some((person) => person.email === email));
  if (missing.length > 0) {
    return refused({
      code: 'not-found',
      detail: `Nobody here has the address ${missing.map((email) => toVisible(email)).join(', ')}.`,
    });
  }
  const idsOf = (list: readonly string[]) => {
    const wanted = new Set(list.map((email) => email.toLowerCase()));
    return people.filter((person) => wanted.has(person.email)).map((person) => person.id);
  };
  const patch = { add: idsOf(add), remove: idsOf(remove) };
  const changed = await changeGroup(host, host.actor, group.data, patch);
  if (!changed.ok) return refused(changed.error);
  const after = await host.prisma.person.findMany({
    where: { groups: { has: group.data } },
    orderBy: { email: 'asc' },
  });
  const members = after.map((person) => person.email);
  return done({ name: group.data, members }, [`${toVisible(group.data)}: ${members.join(', ') || 'nobody'}`]);
}
