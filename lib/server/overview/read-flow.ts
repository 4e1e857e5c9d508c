// Server-only. Calls and decisions by column, from the hourly sums.
import type { Statistics } from '#lib/contracts/overview.ts';
import type { Tx } from '../db/tx.ts';

const ALL = ['high', 'medium', 'low', 'none'];
const ASKED = ['ran', 'held', 'refused'];

/** One entry for each start, oldest first; quiet columns are zeros. */
export async function readFlow(tx: Tx, starts: readonly number[], bucketS: number): Promise<Statistics['flow']> {
  const rows = await tx.$queryRaw<{ at: number; tier: string; kind: string; n: number }[]>`
    SELECT (floor(extract(epoch FROM hour) / ${bucketS}::int) * ${bucketS}::int)::float8 * 1000 AS at, tier, kind, sum(n)::int AS n
    FROM overview_hours WHERE hour >= ${new Date(starts[0] ?? 0)} GROUP BY 1, 2, 3`;
  const sums = new Map<string, number>();
  for (const { at, tier, kind, n } of rows) sums.set(`${at} ${tier} ${kind}`, Math.max(0, n));
  return starts.map((at) => {
    const of = (kinds: readonly string[], tiers: readonly string[]) =>
      kinds
        .flatMap((kind) => tiers.map((tier) => sums.get(`${at} ${tier} ${kind}`) ?? 0))
        .reduce((sum, count) => sum + count, 0);
    const byTier = (kinds: readonly string[]) => ({
      high: of(kinds, ['high']),
      medium: of(kinds, ['medium']),
      low: of(kinds, ['low']),
    });
    return {
      at: new Date(at).toISOString(),
      calls: { ...byTier(ASKED), untiered: of(ASKED, ['none']) },
      decisions: byTier(['approved', 'denied']),
      held: of(['held'], ALL),
      refused: of(['refused'], ALL),
      approved: of(['approved'], ALL),
      denied: of(['denied'], ALL),
      expired: of(['expired'], ALL),
    };
  });
}
