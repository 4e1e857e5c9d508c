// Server-only. Rate limits that all replicas share: one row per key, counted by the database's clock.
import type { Database } from '../db/prisma.ts';

/** A key with the number of attempts it may make in a window. */
export type AttemptLimit = { readonly key: string; readonly limit: number };

export const ATTEMPT_WINDOW_S = 900;

/**
 * Counts one attempt under every key and tells whether all are within their limits.
 * Counts before the work is done, so that a burst of parallel guesses cannot slip through together.
 */
export async function countAttempt(prisma: Database, limits: readonly AttemptLimit[]): Promise<boolean> {
  let within = true;
  for (const { key, limit } of limits) {
    const rows = await prisma.$queryRaw<{ count: number }[]>`
      INSERT INTO attempt_windows AS w (key, count, window_start) VALUES (${key}, 1, clock_timestamp())
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN w.window_start < clock_timestamp() - make_interval(secs => ${ATTEMPT_WINDOW_S})
                     THEN 1 ELSE w.count + 1 END,
        window_start = CASE WHEN w.window_start < clock_timestamp() - make_interval(secs => ${ATTEMPT_WINDOW_S})
                     THEN clock_timestamp() ELSE w.window_start END
      RETURNING count`;
    if ((rows[0]?.count ?? Number.POSITIVE_INFINITY) > limit) within = false;
  }
  return within;
}

/** Takes a successful attempt back, so that only failures fill a window. */
export async function forgiveAttempt(prisma: Database, limits: readonly AttemptLimit[]): Promise<void> {
  for (const { key } of limits) {
    await prisma.$executeRaw`UPDATE attempt_windows SET count = GREATEST(count - 1, 0) WHERE key = ${key}`;
  }
}
