// Server-only. The second person's word on a change of the retention rule, and taking one back in time.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { type ConfigDeps, type ConfigRefusal, refuse, writeConfig } from '../db/config-write.ts';
import { readSeparation } from '../people/read-separation.ts';
import { judgeProposal } from '../policies/judge-proposal.ts';
import { mayApprovePolicies } from '../policies/second-person.ts';
import { daysText, erasesMore, GRACE_HOURS, lockRetention } from './retention-rows.ts';

const WORDS = {
  role: 'Agreeing to a retention needs the role admin or security.',
  author: 'You proposed it: another person in admin or security must agree.',
  proof: 'Enter your password to agree.',
};

/**
 * Agrees to a change as the second person. One that keeps more is in force at once; one that erases more a day later, because
 * what is erased stays erased.
 *
 * Refuses the author (alone in a solo install: with the password proven after proposing, and after a minute) and an author
 * who is no admin any more.
 */
export function approveRetention(
  deps: ConfigDeps,
  actor: HumanPrincipal,
  id: string,
): Promise<Result<true, ConfigRefusal>> {
  return writeConfig(
    deps,
    actor,
    async (write) => {
      const { tx, keys, now } = write;
      await lockRetention(tx);
      const row = await tx.retentionChange.findUnique({ where: { id } });
      if (row === null) return refuse('not-found');
      if (row.status !== 'proposed') return refuse('conflict', `This change was ${row.status} already.`);
      const separation = await readSeparation(tx);
      const second = await judgeProposal(write, row, actor, separation, WORDS);
      if (!second.ok) return second;
      const graceMs = erasesMore(row.payloadDaysBefore, row.payloadDays) ? GRACE_HOURS * 3_600_000 : 0;
      const effectiveAt = new Date(now.getTime() + graceMs);
      const decided = await tx.retentionChange.updateMany({
        where: { id, status: 'proposed' },
        data: { status: 'approved', decidedBy: actor.id, decidedAt: now, effectiveAt },
      });
      if (decided.count !== 1) throw new Error('The change was decided under its lock.');
      await recordEvent(tx, keys, {
        type: 'retention.approved',
        actor: auditActor(actor),
        separation,
        detail: {
          change: id,
          kept: daysText(row.payloadDays),
          keptBefore: daysText(row.payloadDaysBefore),
          effectiveAt: effectiveAt.toISOString(),
          proposedBy: row.proposedBy,
        },
      });
      return ok(true);
    },
    mayApprovePolicies,
  );
}

/** Takes a change back while it is only proposed, or agreed on and not yet in force. Keeping is safe: one person is enough. */
export function withdrawRetention(
  deps: ConfigDeps,
  actor: HumanPrincipal,
  id: string,
): Promise<Result<true, ConfigRefusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      await lockRetention(tx);
      const row = await tx.retentionChange.findUnique({ where: { id } });
      if (row === null) return refuse('not-found');
      if (row.status === 'withdrawn') return refuse('conflict', 'It was taken back already.');
      if (row.effectiveAt !== null && row.effectiveAt <= now) {
        return refuse('conflict', 'It is in force: propose another one instead.');
      }
      await tx.retentionChange.update({
        where: { id },
        data: { status: 'withdrawn', decidedBy: actor.id, decidedAt: now, effectiveAt: null },
      });
      await recordEvent(tx, keys, {
        type: 'retention.withdrawn',
        actor: auditActor(actor),
        detail: { change: id, kept: daysText(row.payloadDays), approvedBefore: row.status === 'approved' },
      });
      return ok(true);
    },
    mayApprovePolicies,
  );
}
