// Server-only. What the retention rule says goes, goes: in portions, each with its entry in the log.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { seal } from '../keys/seal.ts';

type EraseDeps = { readonly prisma: Database; readonly keys: Pick<Keys, 'masterKey'> };

/** Requests that nobody can decide, use or finish any more. */
export const ENDED = [
  'denied',
  'expired',
  'withdrawn',
  'superseded',
  'killed',
  'revoked',
  'expired-unused',
  'succeeded',
  'failed',
  'unknown-outcome',
] as const;
const AT_ONCE = 1_000;

/**
 * Erases what is older than the rule in force: payloads with the salts that open their commitments, and the arguments and the
 * agent's words of finished requests. The log keeps every entry and verifies as before.
 *
 * The database's clock and its own copy of the rule decide (`retention_cutoff`, which a trigger asks again for each row). Safe
 * in several workers: one holds the lock, the others find it taken and go. Killed in the middle, a portion and its entry are
 * both there or both not.
 */
export async function eraseDue(deps: EraseDeps): Promise<number> {
  let erased = 0;
  for (;;) {
    const portion = await withTx(deps.prisma, (tx) => erasePortion(tx, deps.keys));
    erased += portion;
    if (portion === 0) return erased;
  }
}

async function erasePortion(tx: Tx, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  const [head] = await tx.$queryRaw<{ mine: boolean; cutoff: Date | null }[]>`
    SELECT pg_try_advisory_xact_lock(hashtext('countersign.erase')) AS mine, retention_cutoff() AS cutoff`;
  if (head?.mine !== true || head.cutoff === null) return 0;
  const payloads = await tx.$executeRaw`
    DELETE FROM audit_payloads WHERE event_id IN (
      SELECT event_id FROM audit_payloads WHERE created_at < ${head.cutoff}::timestamptz LIMIT ${AT_ONCE})`;
  const requests = await eraseArguments(tx, keys, head.cutoff);
  if (payloads + requests === 0) return 0;
  await recordEvent(tx, keys, {
    type: 'retention.erased',
    actor: auditActor('system'),
    detail: { payloads, requests, before: head.cutoff.toISOString() },
  });
  return payloads + requests;
}

/** In place of the arguments stands, sealed like them, that they were erased: whoever opens the request reads it there. */
async function eraseArguments(tx: Tx, keys: Pick<Keys, 'masterKey'>, before: Date): Promise<number> {
  const rows = await tx.$queryRaw<{ id: string; now: Date }[]>`
    SELECT id::text, clock_timestamp() AS now FROM approval_requests
    WHERE requested_at < ${before}::timestamptz AND args_erased_at IS NULL AND status::text = ANY (${[...ENDED]})
    LIMIT ${AT_ONCE / 10} FOR UPDATE SKIP LOCKED`;
  for (const { id, now } of rows) {
    const note = JSON.stringify({ 'erased by the retention rule': now.toISOString() });
    await tx.$executeRaw`
      UPDATE approval_requests SET args_sealed = ${new Uint8Array(seal(keys.masterKey, note, id))}, agent_reason = NULL,
        args_erased_at = clock_timestamp() WHERE id = ${id}::uuid AND args_erased_at IS NULL`;
  }
  return rows.length;
}
