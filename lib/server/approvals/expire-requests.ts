// Server-only. Time runs out on the database's clock, and running out means denied.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { recordSwept, SWEPT_COLUMNS, type SweptRequest } from './sweep-event.ts';

const AT_ONCE = 100;

/**
 * Ends what nobody decided and what nobody used in time, a hundred a transaction, and returns how many.
 *
 * Pending past `expires_at` becomes expired, approved past `approved_until` expired-unused. Rows that a vote or a consume
 * holds at this moment are skipped and looked at again a second later, under the state they then have; several workers
 * may sweep at once.
 */
export async function expireRequests(database: Database, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  let total = 0;
  for (;;) {
    const count = await withTx(database, async (tx) => {
      const expired = await tx.$queryRaw<SweptRequest[]>`
        WITH undecided AS (
          SELECT id FROM approval_requests WHERE status = 'pending' AND expires_at <= clock_timestamp()
          ORDER BY expires_at LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
        ), unused AS (
          SELECT id FROM approval_requests WHERE status = 'approved' AND approved_until <= clock_timestamp()
          ORDER BY approved_until LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
        )
        UPDATE approval_requests r SET
          status = CASE r.status WHEN 'pending' THEN 'expired'::approval_status ELSE 'expired-unused' END,
          version = r.version + 1, finished_at = clock_timestamp()
        FROM (SELECT id FROM undecided UNION ALL SELECT id FROM unused) AS due
        WHERE r.id = due.id RETURNING ${SWEPT_COLUMNS}`;
      for (const request of expired) {
        const type = request.status === 'expired' ? 'request.expired' : 'request.expired-unused';
        await recordSwept(tx, keys, request, { type, decision: 'deny', code: 'approval-expired' });
      }
      return expired.length;
    });
    total += count;
    if (count < AT_ONCE) return total;
  }
}
