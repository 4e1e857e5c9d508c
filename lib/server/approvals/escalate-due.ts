// Server-only. Asks further people when a step's time has come, on the database's clock.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { takeStep } from './escalate-request.ts';
import { lockRequest } from './locked-request.ts';

const MOST_AT_ONCE = 200;

/**
 * Takes every step that is due, and returns how many. Each step is taken exactly once, by whichever worker holds the row:
 * a row that another worker or a vote holds is skipped and looked at again a second later. Steps that came due while no
 * worker ran are taken one after another, a second apart. One request a transaction; one that fails holds up no other and
 * is reported by throwing at the end.
 */
export async function escalateDue(database: Database, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  const due = await database.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM approval_requests
    WHERE status = 'pending' AND escalate_at <= clock_timestamp() AND expires_at > clock_timestamp()
    ORDER BY escalate_at LIMIT ${MOST_AT_ONCE}`;
  const failures: unknown[] = [];
  let taken = 0;
  for (const { id } of due) {
    try {
      if (await withTx(database, (tx) => escalateOne(tx, keys, id))) taken += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} requests could not be escalated.`);
  return taken;
}

async function escalateOne(tx: Tx, keys: Pick<Keys, 'masterKey'>, id: string): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM approval_requests
    WHERE id = ${id}::uuid AND status = 'pending' AND escalate_at <= clock_timestamp() AND expires_at > clock_timestamp()
    FOR UPDATE SKIP LOCKED`;
  const row = held.length === 0 ? null : await lockRequest(tx, id);
  if (row === null || row.status !== 'pending') return false;
  if (await takeStep(tx, keys, auditActor('system'), row)) return true;
  // A moment without a step would be due for ever.
  await tx.$executeRaw`UPDATE approval_requests SET escalate_at = NULL WHERE id = ${id}::uuid`;
  return false;
}
