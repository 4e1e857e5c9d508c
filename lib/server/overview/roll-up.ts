// Server-only. Counts the log's entries by hour as they get their number, so that no chart reads the log.
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';

const AT_ONCE = 20_000;

/**
 * Counts the entries that are not counted yet, at most some thousand at a time, and returns how many there were.
 *
 * The cursor moves in the transaction that counts, under its own lock, so that no entry counts twice however many workers
 * run, and none is lost when one dies. Entries are numbered without gaps and in the order in which they become visible.
 * A planted request that was judged is nobody's decision about a real call, and is left out; so is what the red team asks.
 */
export function rollUp(database: Database): Promise<number> {
  return withTx(database, async (tx) => {
    const [cursor] = await tx.$queryRaw<{ from: bigint; until: bigint }[]>`
      SELECT c.next_seq AS "from", least(h.size, c.next_seq + ${AT_ONCE}) AS until
      FROM overview_cursor c, audit_head h WHERE c.id = 1 AND h.id = 1 FOR UPDATE OF c`;
    if (cursor === undefined || cursor.until <= cursor.from) return 0;
    await tx.$executeRaw`
      INSERT INTO overview_hours (hour, tier, kind, n)
      SELECT date_trunc('hour', e.at, 'UTC'), coalesce(e.tier, 'none'), overview_kind(e.type, e.request_id), count(*)
      FROM audit_entries e
      WHERE e.seq >= ${cursor.from} AND e.seq < ${cursor.until} AND overview_kind(e.type, e.request_id) IS NOT NULL
        AND NOT EXISTS (SELECT FROM calibration_plants p WHERE p.call_id = e.call_id AND p.judged_at IS NOT NULL)
        AND coalesce(e.agent, '') <> ALL ((SELECT red_team_agents())::text[])
      GROUP BY 1, 2, 3
      ON CONFLICT (hour, tier, kind) DO UPDATE SET n = overview_hours.n + excluded.n`;
    await tx.$executeRaw`UPDATE overview_cursor SET next_seq = ${cursor.until} WHERE id = 1`;
    return Number(cursor.until - cursor.from);
  });
}
