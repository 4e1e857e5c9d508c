// Server-only. What people made of a plant, once they have decided; only then the log and they are told that it was one.

import { outcomeOf, type PlantOutcome } from '#lib/core/calibration/outcome.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { factsOf, type LockedRequest, lockRequest, moveRequest } from '../approvals/locked-request.ts';
import { type EventKeys, recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { forgetColumns } from '../overview/close-columns.ts';
import { dwellMs } from './dwell.ts';

type Waiting = {
  id: string;
  call_id: string;
  pattern: string;
  nonce: string;
  commitment: string;
  request_id: string | null;
};
type Verdict = { readonly outcome: PlantOutcome; readonly why: string | null; readonly row: LockedRequest | null };

/** A plant without a request: its worker died while it opened it, it could not be opened, or planting was switched off. */
const LOST = '2 minutes';

/**
 * Judges the plants that are over, and returns how many. In one transaction for each: the request is locked, an approval
 * of it is revoked, what each voter did is kept for them, the hourly counts forget it, and the log gets what opens the
 * commitment it has held since the plant was planned.
 */
export async function judgePlants(database: Database, keys: EventKeys): Promise<number> {
  let judged = 0;
  for (const id of await readOver(database)) {
    if (await withTx(database, (tx) => judgeOne(tx, keys, id))) judged++;
  }
  return judged;
}

async function readOver(database: Database): Promise<readonly string[]> {
  const rows = await database.$queryRaw<{ id: string }[]>`
    SELECT p.id::text FROM calibration_plants p LEFT JOIN approval_requests r ON r.call_id = p.call_id
    WHERE p.judged_at IS NULL AND (r.status <> 'pending' OR r.expires_at <= clock_timestamp()
      OR (r.id IS NULL AND (p.why IS NOT NULL OR p.opened_at < clock_timestamp() - ${LOST}::interval
        OR (p.opened_at IS NULL AND NOT (SELECT enabled FROM calibration_settings WHERE id = 1)))))
    ORDER BY p.id LIMIT 50`;
  return rows.map((row) => row.id);
}

async function judgeOne(tx: Tx, keys: EventKeys, id: string): Promise<boolean> {
  const [plant] = await tx.$queryRaw<Waiting[]>`
    SELECT p.id::text, p.call_id::text, p.pattern, p.nonce, p.commitment,
      (SELECT r.id::text FROM approval_requests r WHERE r.call_id = p.call_id) AS request_id
    FROM calibration_plants p WHERE p.id = ${id}::uuid AND p.judged_at IS NULL FOR UPDATE SKIP LOCKED`;
  if (plant === undefined) return false;
  const verdict = await judge(tx, plant);
  if (verdict === null) return false;
  const { outcome, why, row } = verdict;
  await tx.$executeRaw`
    UPDATE calibration_plants SET judged_at = clock_timestamp(), outcome = ${outcome}, why = coalesce(why, ${why})
    WHERE id = ${id}::uuid`;
  if (row !== null) {
    if (outcome !== 'void') await keepResults(tx, id, row.id);
    if (row.status === 'approved') {
      await moveRequest(tx, row, { to: 'revoked' });
      await recordEvent(tx, keys, { ...factsOf(auditActor('system'), row), type: 'request.revoked' });
    }
    await forgetCounts(tx, plant.call_id);
    await forgetColumns(tx, row.id);
  }
  const { pattern, nonce, commitment, call_id: callId } = plant;
  await recordEvent(tx, keys, {
    ...(row === null ? { actor: auditActor('system') } : factsOf(auditActor('system'), row)),
    type: 'calibration.judged',
    decision: outcome,
    detail: { plant: id, call: callId, pattern, nonce, commitment, outcome },
  });
  // Whoever voted is told at once; nothing in the hint says who or what.
  await notify(tx, 'cs_exception', { kind: 'calibration', id });
  return true;
}

async function judge(tx: Tx, plant: Waiting): Promise<Verdict | null> {
  if (plant.request_id === null) return { outcome: 'void', why: 'It was never opened.', row: null };
  const row = await lockRequest(tx, plant.request_id);
  if (row === null) return null;
  const [undo] = await tx.$queryRaw<{ over: boolean }[]>`
    SELECT coalesce(execute_after <= clock_timestamp(), true) AS over FROM approval_requests WHERE id = ${row.id}::uuid`;
  const outcome = outcomeOf(row.status, undo?.over === true);
  if (outcome === null) return null;
  return { outcome, why: outcome === 'void' ? `The request was ${row.status}.` : null, row };
}

/** Each vote that stands, for itself: with two of two asked, the one who approved missed it although the other denied. */
async function keepResults(tx: Tx, plantId: string, requestId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO calibration_results (plant_id, person_id, caught, dwell_ms)
    SELECT ${plantId}::uuid, v.person_id, v.decision = 'deny', ${dwellMs}::int
    FROM votes v LEFT JOIN request_views w ON w.request_id = v.request_id AND w.person_id = v.person_id
    WHERE v.request_id = ${requestId}::uuid AND v.withdrawn_at IS NULL`;
}

/** Takes back what the hourly sums have counted of it; what they have not reached yet they leave out by themselves. */
async function forgetCounts(tx: Tx, callId: string): Promise<void> {
  const [cursor] = await tx.$queryRaw<{ next: bigint }[]>`
    SELECT next_seq AS next FROM overview_cursor WHERE id = 1 FOR UPDATE`;
  await tx.$executeRaw`
    UPDATE overview_hours h SET n = h.n - c.n FROM (
      SELECT date_trunc('hour', e.at, 'UTC') AS hour, coalesce(e.tier, 'none') AS tier,
        overview_kind(e.type, e.request_id) AS kind, count(*)::int AS n
      FROM audit_entries e WHERE e.call_id = ${callId}::uuid AND e.seq < ${cursor?.next ?? 0n} GROUP BY 1, 2, 3) AS c
    WHERE h.hour = c.hour AND h.tier = c.tier AND h.kind = c.kind`;
}
