// Server-only. How long the list of attempts remembers. The log keeps the refusals.
import type { Database } from '../db/prisma.ts';

/**
 * Deletes attempts that nobody repeated for 30 days, and of each identity all but the 5,000 newest: an agent that invents
 * host names fills nobody's disk and hides nobody else's attempts.
 */
export async function forgetAttempts(database: Database): Promise<void> {
  await database.$executeRaw`
    DELETE FROM egress_attempts WHERE last_seen < clock_timestamp() - interval '30 days'`;
  await database.$executeRaw`
    DELETE FROM egress_attempts WHERE id IN (
      SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY identity ORDER BY last_seen DESC, id DESC) AS place
        FROM egress_attempts) ranked WHERE place > 5000)`;
}
