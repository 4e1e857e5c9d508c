// Server-only. The outbox is no record: what was decided and by whom is in the log.
import type { Database } from '../db/prisma.ts';

/** Deletes messages that are over for a month. What was given up stays as long, so that somebody can send it again. */
export async function forgetDeliveries(database: Database): Promise<void> {
  await database.$executeRaw`
    DELETE FROM notification_deliveries
    WHERE state IN ('delivered', 'collapsed', 'dropped', 'dead') AND created_at < clock_timestamp() - interval '30 days'`;
}
