// Server-only.
import type { Statistics } from '#lib/contracts/overview.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { columnsOf, RANGES, type RangeName } from '#lib/core/statistics/ranges.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readMinutes, readReviewers } from './read-reviewers.ts';

const MOST_TOOLS = 12;

/** What every part of the figures looks at: from the first column to now. */
type Span = { readonly from: Date; readonly bucketS: number; readonly columns: readonly number[] };

/**
 * The charts' figures over a range, by the database's clock. Counts come from the hourly sums; waiting times, people and
 * tools from the requests and votes of the range, by their indexes. Plants that were judged are left out; one that still
 * waits counts like any other, or the difference would give it away.
 */
export async function readStatistics(
  database: Database,
  reader: HumanPrincipal,
  range: RangeName,
): Promise<Statistics> {
  const now = await databaseNow(database);
  const columns = columnsOf(range, now.getTime());
  const { bucketS } = RANGES[range];
  const span = { from: new Date(columns[0] ?? now.getTime()), bucketS, columns };
  const seesAll = reader.roles.includes('security') || reader.roles.includes('admin');
  const [flow, waits, reviewers, minutes, tools, behind] = await Promise.all([
    readFlow(database, span),
    readWaits(database, span),
    readReviewers(database, span.from, (id) => seesAll || id === reader.id),
    readMinutes(database, span.from),
    readTools(database, span),
    readBehind(database),
  ]);
  return { range, bucketS, flow, waits, reviewers, minutes, ...tools, behind, serverTime: now.toISOString() };
}

async function readFlow(tx: Tx, { from, bucketS, columns }: Span): Promise<Statistics['flow']> {
  const rows = await tx.$queryRaw<{ at: number; tier: string; kind: string; n: number }[]>`
    SELECT (floor(extract(epoch FROM hour) / ${bucketS}) * ${bucketS})::float8 * 1000 AS at, tier, kind, sum(n)::int AS n
    FROM overview_hours WHERE hour >= ${from} GROUP BY 1, 2, 3`;
  const sums = new Map<string, number>();
  for (const { at, tier, kind, n } of rows) sums.set(`${at} ${tier} ${kind}`, Math.max(0, n));
  return columns.map((at) => {
    const of = (kinds: readonly string[], tiers: readonly string[]) =>
      kinds.reduce(
        (sum, kind) => sum + tiers.reduce((all, tier) => all + (sums.get(`${at} ${tier} ${kind}`) ?? 0), 0),
        0,
      );
    const byTier = (kinds: readonly string[]) => ({
      high: of(kinds, ['high']),
      medium: of(kinds, ['medium']),
      low: of(kinds, ['low']),
    });
    const all = ['high', 'medium', 'low', 'none'];
    const asked = ['ran', 'held', 'refused'];
    return {
      at: new Date(at).toISOString(),
      calls: { ...byTier(asked), untiered: of(asked, ['none']) },
      decisions: byTier(['approved', 'denied']),
      held: of(['held'], all),
      refused: of(['refused'], all),
      approved: of(['approved'], all),
      denied: of(['denied'], all),
      expired: of(['expired'], all),
    };
  });
}

type WaitRow = { at: number; decided: number; p: [number, number, number] | null };

async function readWaits(tx: Tx, { from, bucketS, columns }: Span): Promise<Statistics['waits']> {
  const rows = await tx.$queryRaw<WaitRow[]>`
    SELECT (floor(extract(epoch FROM r.decided_at) / ${bucketS}) * ${bucketS})::float8 * 1000 AS at, count(*)::int AS decided,
      percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM r.decided_at - r.requested_at)::float8) AS p
    FROM approval_requests r
    WHERE r.decided_at >= ${from}
      AND r.call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
    GROUP BY 1`;
  const known = new Map(rows.map((row) => [row.at, row]));
  return columns.map((at) => {
    const row = known.get(at);
    const [p50S = null, p90S = null, p99S = null] = row?.p ?? [];
    return { at: new Date(at).toISOString(), decided: row?.decided ?? 0, p50S, p90S, p99S };
  });
}

type ToolRow = { server: string; tool: string; approved: number; denied: number; tools: number };

async function readTools(tx: Tx, { from }: Span): Promise<Pick<Statistics, 'tools' | 'moreTools'>> {
  const rows = await tx.$queryRaw<ToolRow[]>`
    SELECT r.server_name AS server, r.tool_name AS tool,
      (count(*) FILTER (WHERE r.decided_at IS NOT NULL AND r.status <> 'denied'))::int AS approved,
      (count(*) FILTER (WHERE r.status = 'denied'))::int AS denied,
      (count(*) OVER ())::int AS tools
    FROM approval_requests r
    WHERE r.decided_at >= ${from}
      AND r.call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
    GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT ${MOST_TOOLS}`;
  const moreTools = Math.max(0, (rows[0]?.tools ?? 0) - rows.length);
  return { tools: rows.map(({ tools: _, ...row }) => row), moreTools };
}

async function readBehind(tx: Tx): Promise<number> {
  const rows = await tx.$queryRaw<{ behind: bigint }[]>`
    SELECT greatest(0, h.size - c.next_seq) AS behind FROM audit_head h, overview_cursor c WHERE h.id = 1 AND c.id = 1`;
  return Number(rows[0]?.behind ?? 0n);
}
