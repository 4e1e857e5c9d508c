// Server-only. Repairs what a killed gateway leaves: an approval used up, and nobody to say what came of it.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { recordSwept, SWEPT_COLUMNS, type SweptRequest } from './sweep-event.ts';

const AT_ONCE = 100;
const SILENT_S = 10;
/** An agent that runs the tool itself has ten minutes to report; one more, so that its own expiry comes first. */
const REPORT_S = 660;

/**
 * Turns consumed requests whose process is gone into unknown-outcome, and returns how many. Never into anything that
 * could run again: the call may have reached its upstream.
 *
 * A process counts as gone when it has not been seen for ten seconds of database time or said that it stopped. One that
 * was only frozen finds its request no longer consumed, and then withholds the result.
 */
export function reconcileRequests(database: Database, keys: Pick<Keys, 'masterKey'>): Promise<number> {
  return withTx(database, async (tx) => {
    const orphans = await tx.$queryRaw<SweptRequest[]>`
      UPDATE approval_requests r SET status = 'unknown-outcome', version = r.version + 1, finished_at = clock_timestamp()
      FROM (
        SELECT c.id FROM approval_requests c
        WHERE c.status = 'consumed' AND (
          (c.via <> 'decision-api' AND c.consumed_at < clock_timestamp() - make_interval(secs => ${SILENT_S}) AND NOT EXISTS (
            SELECT FROM process_instances p
            WHERE p.id = c.consumed_by AND p.stopped_at IS NULL
              AND p.last_seen_at > clock_timestamp() - make_interval(secs => ${SILENT_S})))
          OR (c.via = 'decision-api' AND c.consumed_at < clock_timestamp() - make_interval(secs => ${REPORT_S})))
        LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
      ) AS orphan
      WHERE r.id = orphan.id RETURNING ${SWEPT_COLUMNS}`;
    for (const request of orphans) {
      await recordSwept(tx, keys, request, { type: 'request.unknown-outcome', code: 'unknown-outcome' });
    }
    return orphans.length;
  });
}
