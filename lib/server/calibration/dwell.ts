// Server-only. How long somebody looked before they voted.
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Longer than this nobody looks at one request; who went to lunch did not work on it. */
const MOST_MS = 15 * 60_000;

/**
 * Milliseconds from first opened to voted, for a query with the vote as `v` and the view as `w`; NULL where the request was
 * never opened before the vote. Both times are the database's: what a browser says of itself proves nothing.
 */
export const dwellMs = Prisma.sql`(CASE WHEN w.first_at <= v.cast_at
  THEN least(extract(epoch FROM v.cast_at - w.first_at) * 1000, ${MOST_MS}) END)`;

/** Keeps when a person first had a request before them, while it can still be decided. */
export async function noteView(tx: Tx, personId: string, requestId: string): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO request_views (request_id, person_id)
    SELECT r.id, p.id FROM approval_requests r, people p
    WHERE r.id = ${requestId}::uuid AND r.status = 'pending' AND p.id = ${personId}::uuid AND 'reviewer' = ANY (p.roles)
    ON CONFLICT DO NOTHING`;
}
