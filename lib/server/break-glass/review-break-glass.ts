// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { canonicalJson } from '#lib/core/json/canonical.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSeparation } from '../people/read-separation.ts';
import { isSameHuman } from '../people/same-human.ts';

type ReviewRow = {
  person_id: string;
  opened_solo: boolean;
  open: boolean;
  reviewed: boolean;
  late: boolean;
  decisions: number;
};

/**
 * Records that somebody holding security has looked at an emergency and what they found.
 *
 * Refuses the person who opened it, by whatever account, unless that person was alone then and is
 * alone now: then the record says so. Refuses
 * one that is still open, since more may happen in it, and a second review.
 */
export function reviewBreakGlass(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  input: { readonly id: string; readonly note: string },
): Promise<Result<{ readonly id: string }, Refusal>> {
  return withTx(deps.prisma, async (tx): Promise<Result<{ readonly id: string }, Refusal>> => {
    const row = await lockRow(tx, input.id);
    if (row === null) return err({ code: 'not-found' });
    if (!principal.roles.includes('security'))
      return err({ code: 'not-allowed', detail: 'This needs the role security.' });
    if (row.reviewed) return err({ code: 'conflict', detail: 'This emergency was reviewed already.' });
    if (row.open) return err({ code: 'conflict', detail: 'It is still open: end it first.' });
    const separation = await readSeparation(tx);
    const isAlone = separation === 'solo' && row.opened_solo;
    if (!isAlone && (await isSameHuman(tx, row.person_id, principal.id))) {
      return err({ code: 'second-person-needed', detail: 'Another person holding security must review it.' });
    }
    await tx.$executeRaw`
      UPDATE break_glass SET reviewed_by = ${principal.id}::uuid, reviewed_at = clock_timestamp(),
        review_note = ${input.note} WHERE id = ${input.id}::uuid`;
    await recordEvent(tx, deps.keys, {
      type: 'break-glass.reviewed',
      actor: auditActor(principal),
      separation,
      detail: { breakGlass: input.id, personId: row.person_id, late: row.late, decisions: row.decisions },
      payload: canonicalJson({ note: input.note }),
    });
    await notify(tx, 'cs_exception', { kind: 'break-glass', id: input.id });
    return ok({ id: input.id });
  });
}

async function lockRow(tx: Tx, id: string): Promise<ReviewRow | null> {
  await tx.$queryRaw`SELECT 1 FROM break_glass WHERE id = ${id}::uuid FOR UPDATE`;
  const rows = await tx.$queryRaw<ReviewRow[]>`
    SELECT b.person_id::text, b.opened_solo, b.ended_at IS NULL AND b.ends_at > clock_timestamp() AS open,
      b.reviewed_at IS NOT NULL AS reviewed, b.review_due <= clock_timestamp() AS late,
      (SELECT count(*)::int FROM votes v WHERE v.break_glass_id = b.id) AS decisions
    FROM break_glass b WHERE b.id = ${id}::uuid`;
  return rows[0] ?? null;
}
