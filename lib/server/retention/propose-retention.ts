// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { readSeparation } from '../people/read-separation.ts';
import { daysText, lockRetention, readOpenChange, readRule } from './retention-rows.ts';

type Proposal = { readonly payloadDays: number | null; readonly reason: string };

/**
 * Writes down how long an admin wants sealed arguments and results kept; nothing is erased by it, and nothing changes until a
 * second person agreed. Both ways need two: less time erases evidence, more time keeps what people were promised is gone.
 *
 * Refuses what is in force already, and a second change while one waits.
 */
export function proposeRetention(
  deps: ConfigDeps,
  actor: HumanPrincipal,
  input: Proposal,
): Promise<Result<{ readonly id: string }, ConfigRefusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    await lockRetention(tx);
    const before = (await readRule(tx, now))?.payloadDays ?? null;
    if ((await readOpenChange(tx, now)) !== null) {
      return refuse('conflict', 'Another change waits; take that one back first.');
    }
    if (before === input.payloadDays) return refuse('conflict', 'This is how long they are kept now.');
    const id = randomUUIDv7();
    await tx.retentionChange.create({
      data: {
        id,
        payloadDays: input.payloadDays,
        payloadDaysBefore: before,
        reason: input.reason,
        proposedBy: actor.id,
        proposedAt: now,
        proposedSolo: (await readSeparation(tx)) === 'solo',
      },
    });
    await recordEvent(tx, keys, {
      type: 'retention.proposed',
      actor: auditActor(actor),
      detail: { change: id, kept: daysText(input.payloadDays), keptBefore: daysText(before), reason: input.reason },
    });
    return ok({ id });
  });
}
