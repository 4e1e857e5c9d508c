// Server-only. Columns that are over are worked out once and kept.
import { columnsOf, RANGE_NAMES, RANGES, type RangeName } from '#lib/core/statistics/ranges.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import { type ColumnFacts, columnFactsSchema, NO_FACTS, readColumnFacts } from './column-facts.ts';

/** A decision can be taken back for a while; an hour after its end a column stands, until something in it is forgotten. */
const SETTLE_MS = 3_600_000;
/** So many at once: a new installation has nothing to work out, an upgraded one catches up in a minute. */
const AT_ONCE = 8;

/** Works out the columns that are over and not kept yet, some at a time, and forgets those that no chart shows any more. */
export async function closeColumns(database: Database): Promise<number> {
  const now = (await databaseNow(database)).getTime();
  let closed = 0;
  for (const range of RANGE_NAMES) {
    const { bucketS } = RANGES[range];
    const known = await readKept(database, range, now);
    const due = columnsOf(range, now).filter((at) => !known.has(at) && at + bucketS * 1000 + SETTLE_MS <= now);
    for (const at of due.slice(0, AT_ONCE)) {
      await keep(database, bucketS, at);
      closed++;
    }
    await database.$executeRaw`
      DELETE FROM overview_columns WHERE bucket_s = ${bucketS} AND at < ${new Date(columnsOf(range, now)[0] ?? now)}`;
  }
  return closed;
}

/** Whoever forgets a column has the table until they commit: worked out meanwhile, it would keep what they take out. */
function keep(database: Database, bucketS: number, at: number): Promise<void> {
  const window = { bucketS, from: new Date(at), until: new Date(at + bucketS * 1000) };
  return withTx(database, async (tx) => {
    await tx.$executeRaw`LOCK TABLE overview_columns IN SHARE ROW EXCLUSIVE MODE`;
    const facts = (await readColumnFacts(tx, window)).get(at) ?? NO_FACTS;
    await tx.$executeRaw`
      INSERT INTO overview_columns (bucket_s, at, facts) VALUES (${bucketS}, ${window.from}, ${JSON.stringify(facts)}::jsonb)
      ON CONFLICT DO NOTHING`;
  });
}

async function readKept(tx: Tx, range: RangeName, nowMs: number): Promise<Map<number, ColumnFacts>> {
  const { bucketS } = RANGES[range];
  const rows = await tx.$queryRaw<{ at: Date; facts: unknown }[]>`
    SELECT at, facts FROM overview_columns
    WHERE bucket_s = ${bucketS} AND at >= ${new Date(columnsOf(range, nowMs)[0] ?? nowMs)}`;
  return new Map(rows.map((row) => [row.at.getTime(), columnFactsSchema.parse(row.facts)]));
}

/** Every column of a range: those that are over as they were kept, the others as they are now. */
export async function readColumns(tx: Tx, range: RangeName, nowMs: number): Promise<Map<number, ColumnFacts>> {
  const kept = await readKept(tx, range, nowMs);
  const from = columnsOf(range, nowMs).find((at) => !kept.has(at)) ?? nowMs;
  // A vote of this very moment has a time after the one that was read.
  const until = new Date(nowMs + 60_000);
  const live = await readColumnFacts(tx, { bucketS: RANGES[range].bucketS, from: new Date(from), until });
  return new Map([...kept, ...live]);
}

/** Forgets the columns in which something about a request may be counted: it turned out to be no call, or a vote was taken back. */
export async function forgetColumns(tx: Tx, requestId: string): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM overview_columns c USING approval_requests r
    WHERE r.id = ${requestId}::uuid AND c.at + make_interval(secs => c.bucket_s) > r.requested_at`;
}
