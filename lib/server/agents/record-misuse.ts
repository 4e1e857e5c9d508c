// Server-only. An agent's token where only people are served: refused there as nobody's, and told to the log as whose it is.
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import type { Keys } from '../keys/load-keys.ts';
import { findToken } from './find-token.ts';

/** Where it was shown: one of the console's routes, its socket, or a door that others' machines sign for. */
export type MisusePlace = 'console' | 'live' | 'callback';

const BEARER = /^Bearer ((?:cs_[A-Za-z0-9_-]{20,100})|(?:[A-Za-z0-9_-]+\.){2}[A-Za-z0-9_-]+)$/i;

/**
 * Tells the log that the token of an agent was shown where no agent has any business: either the agent was talked into
 * approving its own calls, or somebody has its token. Also for one that has ended, because somebody kept it. What is not a
 * token of ours is not told of, so that strangers cannot fill the log; of each agent once a minute and place.
 */
export async function recordTokenMisuse(
  deps: { readonly prisma: Database; readonly keys: Keys; readonly env: Pick<Env, 'gatewayUrl'> },
  authorization: string | null | undefined,
  place: MisusePlace,
): Promise<void> {
  const token = BEARER.exec(authorization ?? '')?.[1];
  if (token === undefined) return;
  const { prisma, keys, env } = deps;
  const found = await findToken({ prisma, keys, gatewayUrl: env.gatewayUrl }, token, await databaseNow(prisma));
  if (found === null) return;
  await withTx(prisma, async (tx) => {
    const agent = await tx.agent.findUnique({ where: { id: found.agentId }, select: { id: true, name: true } });
    if (agent === null) return;
    const rows = await tx.$queryRaw<{ count: number }[]>`
      INSERT INTO attempt_windows AS w (key, count, window_start)
      VALUES (${`misused:${agent.id}:${place}`}, 1, date_trunc('minute', clock_timestamp()))
      ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN w.window_start < date_trunc('minute', clock_timestamp()) THEN 1 ELSE w.count + 1 END,
        window_start = date_trunc('minute', clock_timestamp())
      RETURNING count`;
    if (rows[0]?.count !== 1) return;
    await recordEvent(tx, keys, {
      type: 'agent.token-misused',
      actor: { type: 'agent', id: agent.id, name: agent.name },
      agent: agent.name,
      code: 'not-signed-in',
      detail: { place, token: found.id, audience: found.audience },
    });
  });
}
