import type { Command } from 'commander';
import { inviteSchema } from '#lib/contracts/people.ts';
import { createResetLink, invitePerson, type SentLink } from '#lib/server/people/create-link.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import type { Cli } from '../cli.ts';
import { done, EXIT, failed, type Outcome, refused } from '../outcome.ts';
import { splitList } from '../split-list.ts';
import { shortTime, tableOr } from '../table.ts';

export function addPeople(program: Command, cli: Cli): void {
  const people = program.command('people').description('invite people, cure lock-outs, see who may do what');
  people
    .command('invite')
    .description('make an invitation link: 72 hours, once')
    .argument('<email>')
    .requiredOption('--roles <list>', 'some of admin,reviewer,security')
    .option('--groups <list>', 'groups, separated by commas', '')
    .action((email: string, options: { roles: string; groups: string }) =>
      cli.onHost(async (host) => {
        const input = inviteSchema.safeParse({
          email,
          roles: splitList(options.roles),
          groups: splitList(options.groups),
        });
        if (!input.success) {
          return failed(EXIT.usage, 'usage', 'Give an e-mail address and roles out of admin, reviewer, security.');
        }
        const made = await invitePerson(host, host.actor, input.data);
        return made.ok ? showLink(made.value, 'to join') : refused(made.error);
      }),
    );
  people
    .command('reset')
    .description('make a link to set a new password: one hour, once; also cures a lock-out')
    .argument('<email>')
    .action((email: string) =>
      cli.onHost(async (host) => {
        const made = await createResetLink(host, host.actor, email.toLowerCase());
        return made.ok ? showLink(made.value, 'to set a new password') : refused(made.error);
      }),
    );
  people
    .command('list')
    .description('everybody, with open invitations')
    .action(() =>
      cli.onHost(async (host) => {
        const { items } = await listPeople(host.prisma);
        const rows = items.map((one) => [
          one.email,
          one.name,
          one.roles.join(' '),
          one.status,
          one.lastSignInAt === null ? 'never' : shortTime(one.lastSignInAt),
        ]);
        return done({ items }, tableOr('Nobody yet.', ['E-MAIL', 'NAME', 'ROLES', 'STATUS', 'LAST SIGN-IN'], rows));
      }),
    );
}

function showLink(sent: SentLink, purpose: string): Outcome {
  return done(sent, [`Send this link ${purpose}; it works once, until ${shortTime(sent.expiresAt)}:`, sent.link]);
}
