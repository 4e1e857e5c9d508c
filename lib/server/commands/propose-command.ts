// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { CommandPropose } from '#lib/contracts/commands.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { readSeparation } from '../people/read-separation.ts';
import { judgeCommand } from './judge-command.ts';
import { lockCommands } from './lock-commands.ts';

/**
 * Writes down a command that an admin wants; it cannot be used, and nothing is started, until a second person approved it.
 *
 * Refuses what `judgeCommand` refuses, a name that the host's own file has taken, and a second proposal under one name.
 */
export function proposeCommand(
  deps: ConfigDeps & { readonly programs: readonly string[] },
  actor: HumanPrincipal,
  input: CommandPropose,
): Promise<Result<{ readonly id: string }, ConfigRefusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const judged = judgeCommand(input.argv, deps.programs);
    if (!judged.ok) return judged;
    await lockCommands(tx);
    const present = await tx.stdioCommand.findUnique({ where: { name: input.name } });
    if (present?.source === 'host') {
      return refuse('conflict', 'The host defines this command in countersign.yaml; only its operator changes it.');
    }
    const open = await tx.commandProposal.findFirst({ where: { name: input.name, status: 'proposed' } });
    if (open !== null) return refuse('conflict', 'A proposal under this name waits already; withdraw it first.');
    const id = randomUUIDv7();
    await tx.commandProposal.create({
      data: {
        id,
        name: input.name,
        argv: input.argv,
        argvBefore: present?.argv ?? [],
        reason: input.reason,
        proposedBy: actor.id,
        proposedAt: now,
        proposedSolo: (await readSeparation(tx)) === 'solo',
      },
    });
    await recordEvent(tx, keys, {
      type: 'command.proposed',
      actor: auditActor(actor),
      detail: { proposal: id, command: input.name, argv: JSON.stringify(input.argv), reason: input.reason },
    });
    return ok({ id });
  });
}
