// Server-only. How often an agent may fetch tokens: each is a signature, and a static one a new configuration for every gateway.
import type { Database } from '../db/prisma.ts';

const WINDOW_S = 60;
const TOKENS_A_WINDOW = 10;
/** Of an agent that may use many servers each connection fetches its own: it must be able to start them all. */
const TOKENS_FOR_EACH_SERVER = 2;

/**
 * Counts one token of an agent, of either kind and whatever it is for. Null when it may have it; otherwise the seconds
 * until it may ask again. Counted by the database, so that asking several gateways wins nothing; before the token is made,
 * so that a burst cannot slip through together.
 */
export async function countToken(prisma: Database, agentId: string): Promise<number | null> {
  const key = `oauth:tokens:${agentId}`;
  const [row] = await prisma.$queryRaw<{ count: number; most: number; left_s: number }[]>`
    INSERT INTO attempt_windows AS w (key, count, window_start) VALUES (${key}, 1, clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN w.window_start <= clock_timestamp() - make_interval(secs => ${WINDOW_S}) THEN 1 ELSE w.count + 1 END,
      window_start = CASE WHEN w.window_start <= clock_timestamp() - make_interval(secs => ${WINDOW_S})
                          THEN clock_timestamp() ELSE w.window_start END
    RETURNING count,
      (SELECT greatest(${TOKENS_A_WINDOW}::int, ${TOKENS_FOR_EACH_SERVER}::int * count(*)::int)
        FROM agent_servers WHERE agent_id = ${agentId}::uuid) AS most,
      ceil(extract(epoch FROM window_start - clock_timestamp()) + ${WINDOW_S})::int AS left_s`;
  if (row === undefined) throw new Error('Counting a token answered nothing.');
  return row.count <= row.most ? null : Math.max(1, row.left_s);
}
