// Server-only. Calls of the last 30 days, from the hourly sums.
import type { RolloutFacts, TierFacts } from '#lib/core/rollout/facts.ts';
import type { Tx } from '../db/tx.ts';

const DAY_MS = 86_400_000;
/** With today: so many days that no more of them can be counted than there are. */
const DAYS_BEFORE = 29;

type Flow = Omit<TierFacts, 'tools'>;
type CallFacts = {
  readonly all: number;
  readonly days: number;
  readonly tiers: Readonly<Record<'high' | 'medium' | 'low', Flow>>;
  readonly decisions: RolloutFacts['decisions'];
};

/** What became of calls, by tier, and on how many days there were any. The sums lag behind the log by seconds. */
export async function readCallFacts(tx: Tx, now: Date): Promise<CallFacts> {
  const since = new Date((Math.floor(now.getTime() / DAY_MS) - DAYS_BEFORE) * DAY_MS);
  const [rows, days] = await Promise.all([readSums(tx, since), countDays(tx, since)]);
  const sum = (kinds: readonly string[], tier?: string) =>
    rows
      .filter((row) => kinds.includes(row.kind) && (tier === undefined || row.tier === tier))
      .reduce((all, { n }) => all + n, 0);
  const flow = (tier: string): Flow => ({ held: sum(['held'], tier), ran: sum(['ran'], tier) });
  return {
    all: sum(['ran', 'held', 'refused']),
    days,
    tiers: { high: flow('high'), medium: flow('medium'), low: flow('low') },
    decisions: { decided: sum(['approved', 'denied']), expired: sum(['expired']) },
  };
}

/** A plant that was judged is taken off again, so one column can fall below zero. */
function readSums(tx: Tx, since: Date) {
  return tx.$queryRaw<{ tier: string; kind: string; n: number }[]>`
    SELECT tier, kind, greatest(0, sum(n))::int AS n FROM overview_hours WHERE hour >= ${since} GROUP BY 1, 2`;
}

/** Hours first, then days: cutting a time for each row of the month costs more than all the rest of the page. */
async function countDays(tx: Tx, since: Date): Promise<number> {
  const rows = await tx.$queryRaw<{ days: number }[]>`
    SELECT count(DISTINCT date_trunc('day', hour, 'UTC'))::int AS days FROM (
      SELECT hour FROM overview_hours WHERE hour >= ${since} AND kind IN ('ran', 'held', 'refused') AND n > 0 GROUP BY hour
    ) h`;
  return rows[0]?.days ?? 0;
}
