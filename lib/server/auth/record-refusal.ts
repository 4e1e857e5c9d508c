// Server-only. What people were refused in the console: somebody who tries doors leaves a trace.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/** Entries of one person in a minute: enough to see what somebody is after, too few to fill the log. */
const MOST_A_MINUTE = 20;

export type RefusedRequest = {
  readonly method: string;
  /** The route with its parameters in braces: what was asked for is never part of it. */
  readonly route: string;
  readonly code: 'not-allowed' | 'not-found';
  /** The id in the path, if it has the form of one. */
  readonly id: string | null;
};

/**
 * Tells the log that a signed-in person was refused something, or asked for something that is not there for them.
 *
 * Once for each person, method, route and minute, and twenty times a minute in all, so that a loop cannot flood the log; the
 * database's clock says which minute it is. Both codes cost the same, so that time does not tell what is there.
 */
export function recordRefusal(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  refused: RefusedRequest,
): Promise<void> {
  const { method, route, code, id } = refused;
  return withTx(deps.prisma, async (tx) => {
    const first = await countIn(tx, `refused:${principal.id}:${method} ${route}`.slice(0, 300));
    if (first > 1 || (await countIn(tx, `refused:${principal.id}`)) > MOST_A_MINUTE) return;
    await recordEvent(tx, deps.keys, {
      type: 'person.refused',
      actor: auditActor(principal),
      code,
      detail: { method, route: route.slice(0, 200), code, ...(id === null ? {} : { id }) },
    });
  });
}

/** How often this was counted in the minute that runs. */
async function countIn(tx: Pick<Database, '$queryRaw'>, key: string): Promise<number> {
  const rows = await tx.$queryRaw<{ count: number }[]>`
    INSERT INTO attempt_windows AS w (key, count, window_start)
    VALUES (${key}, 1, date_trunc('minute', clock_timestamp()))
    ON CONFLICT (key) DO UPDATE SET
      count = CASE WHEN w.window_start < date_trunc('minute', clock_timestamp()) THEN 1 ELSE w.count + 1 END,
      window_start = date_trunc('minute', clock_timestamp())
    RETURNING count`;
  return rows[0]?.count ?? Number.POSITIVE_INFINITY;
}
