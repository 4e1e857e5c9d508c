// Server-only. The second person's word on a proposed command.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { serverConfigHash } from '#lib/core/servers/names.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { CommandProposal } from '../generated/prisma/client.ts';
import { readSeparation } from '../people/read-separation.ts';
import { judgeProposal } from '../policies/judge-proposal.ts';
import { mayApprovePolicies } from '../policies/second-person.ts';
import { judgeCommand } from './judge-command.ts';
import { lockCommands } from './lock-commands.ts';
import { moveServers } from './move-servers.ts';

const WORDS = {
  role: 'Approving a command needs the role admin or security.',
  author: 'You proposed it: another person in admin or security must approve it.',
  proof: 'Enter your password to approve.',
};

/**
 * Approves a command as the second person: from now on servers may be made of it. Servers that used another command under
 * its name lose their pins, because another command is another server.
 *
 * Refuses the author (alone in a solo install: with the password proven after proposing, and after a minute), an author who
 * is no admin any more, a program that the host has struck from its list, and a name that changed since it was proposed.
 */
export function approveCommand(
  deps: ConfigDeps & { readonly programs: readonly string[] },
  actor: HumanPrincipal,
  id: string,
): Promise<Result<true, ConfigRefusal>> {
  return decideProposal(deps, actor, id, async (write, proposal) => {
    const { tx, keys, now } = write;
    const { name, argv, argvBefore } = proposal;
    const separation = await readSeparation(tx);
    const second = await judgeProposal(write, proposal, actor, separation, WORDS);
    if (!second.ok) return second;
    const judged = judgeCommand(argv, deps.programs);
    if (!judged.ok) return judged;
    const present = await tx.stdioCommand.findUnique({ where: { name } });
    if (present?.source === 'host' || !isSame(present?.argv ?? [], argvBefore)) {
      return refuse('conflict', 'The command under this name changed since; propose it anew.');
    }
    const definition = { argv, writable: [], source: 'approved', definedAt: now };
    await tx.stdioCommand.upsert({ where: { name }, create: { name, ...definition }, update: definition });
    const decided = await tx.commandProposal.updateMany({
      where: { id, status: 'proposed' },
      data: { status: 'approved', decidedBy: actor.id, decidedAt: now },
    });
    if (decided.count !== 1) throw new Error('The proposal changed under its lock.');
    await recordEvent(tx, keys, {
      type: 'command.approved',
      actor: auditActor(actor),
      separation,
      detail: {
        proposal: id,
        command: name,
        argv: JSON.stringify(argv),
        argvBefore: JSON.stringify(argvBefore),
        proposedBy: proposal.proposedBy,
      },
    });
    if (present !== null) await moveServers(write, name, serverConfigHash({ transport: 'stdio', command: argv }));
    return ok(true);
  });
}

/** Gives a proposal up: its author, or whoever could have approved it. */
export function withdrawCommand(
  deps: ConfigDeps,
  actor: HumanPrincipal,
  id: string,
): Promise<Result<true, ConfigRefusal>> {
  return decideProposal(deps, actor, id, async ({ tx, keys, now }, { name }) => {
    await tx.commandProposal.update({
      where: { id },
      data: { status: 'withdrawn', decidedBy: actor.id, decidedAt: now },
    });
    await recordEvent(tx, keys, {
      type: 'command.withdrawn',
      actor: auditActor(actor),
      detail: { proposal: id, command: name },
    });
    return ok(true);
  });
}

/** Runs a decision on a proposal that is open, under the lock of all commands: two decisions come one after the other. */
function decideProposal(
  deps: ConfigDeps,
  actor: HumanPrincipal,
  id: string,
  work: (write: ConfigWrite, proposal: CommandProposal) => Promise<Result<true, ConfigRefusal>>,
): Promise<Result<true, ConfigRefusal>> {
  return writeConfig<true, ConfigRefusal>(
    deps,
    actor,
    async (write) => {
      await lockCommands(write.tx);
      const row = await openProposal(write, id);
      return row.ok ? work(write, row.value) : row;
    },
    mayApprovePolicies,
  );
}

async function openProposal({ tx }: ConfigWrite, id: string): Promise<Result<CommandProposal, ConfigRefusal>> {
  const row = await tx.commandProposal.findUnique({ where: { id } });
  if (row === null) return refuse('not-found');
  return row.status === 'proposed' ? ok(row) : refuse('conflict', `This proposal was ${row.status} already.`);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
