// Server-only.
import type { Statistics } from '#lib/contracts/overview.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { columnsOf, RANGES, type RangeName } from '#lib/core/statistics/ranges.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { readColumns } from './close-columns.ts';
import { type ColumnFacts, NO_FACTS } from './column-facts.ts';
import { readFlow } from './read-flow.ts';

const MOST_TOOLS = 12;
const MOST_PEOPLE = 50;

/**
 * The charts' figures over a range, by the database's clock. Counts of calls come from the hourly sums; waiting times,
 * people and tools from what was kept of the columns that are over, and from the requests and votes of the last ones.
 * Plants that were judged are left out; one that still waits counts like any other, or the difference would give it away.
 */
export async function readStatistics(
  database: Database,
  reader: HumanPrincipal,
  range: RangeName,
): Promise<Statistics> {
  const now = await databaseNow(database);
  const starts = columnsOf(range, now.getTime());
  const { bucketS } = RANGES[range];
  const seesAll = reader.roles.includes('security') || reader.roles.includes('admin');
  const [flow, columns, behind] = await Promise.all([
    readFlow(database, starts, bucketS),
    readColumns(database, range, now.getTime()),
    readBehind(database),
  ]);
  const facts = starts.map((at) => ({ at, ...(columns.get(at) ?? NO_FACTS) }));
  const people = sumPeople(facts);
  const tools = sumTools(facts);
  return {
    range,
    bucketS,
    flow,
    waits: facts.map(({ at, decided, waits }) => {
      const [p50S, p90S, p99S] = waits ?? [null, null, null];
      return { at: new Date(at).toISOString(), decided, p50S, p90S, p99S };
    }),
    reviewers: await nameThem(database, people, (id) => seesAll || id === reader.id),
    tools: tools.slice(0, MOST_TOOLS),
    moreTools: Math.max(0, tools.length - MOST_TOOLS),
    minutes: seesAll || people.filter(({ id }) => id !== reader.id).length !== 1 ? sumMinutes(people) : null,
    behind,
    serverTime: now.toISOString(),
  };
}

type PersonSum = ColumnFacts['people'][number];
type ToolSum = ColumnFacts['tools'][number];

function sumPeople(columns: readonly ColumnFacts[]): readonly PersonSum[] {
  const byId = Map.groupBy(
    columns.flatMap(({ people }) => people),
    ({ id }) => id,
  );
  const sums = [...byId].map(([id, rows]) => {
    const sum = (name: Exclude<keyof PersonSum, 'id'>) => rows.reduce((all, row) => all + row[name], 0);
    return {
      id,
      approved: sum('approved'),
      denied: sum('denied'),
      ms: sum('ms'),
      measured: sum('measured'),
      unopened: sum('unopened'),
    };
  });
  return sums.toSorted((a, b) => b.approved + b.denied - a.approved - a.denied || (a.id < b.id ? -1 : 1));
}

function sumMinutes(people: readonly PersonSum[]): NonNullable<Statistics['minutes']> {
  return {
    total: people.reduce((sum, one) => sum + one.ms, 0) / 60_000,
    measured: people.reduce((sum, one) => sum + one.measured, 0),
    unopened: people.reduce((sum, one) => sum + one.unopened, 0),
  };
}

function sumTools(columns: readonly ColumnFacts[]): readonly ToolSum[] {
  const byName = Map.groupBy(
    columns.flatMap(({ tools }) => tools),
    ({ server, tool }) => JSON.stringify([server, tool]),
  );
  const sums = [...byName.values()].flatMap((rows) => {
    const [first] = rows;
    if (first === undefined) return [];
    const approved = rows.reduce((all, row) => all + row.approved, 0);
    const denied = rows.reduce((all, row) => all + row.denied, 0);
    return [{ server: first.server, tool: first.tool, approved, denied }];
  });
  return sums.toSorted((a, b) => b.approved + b.denied - a.approved - a.denied || (a.tool < b.tool ? -1 : 1));
}

/** Minutes only of those whose the reader may see. */
async function nameThem(
  tx: Tx,
  sums: readonly PersonSum[],
  maySee: (personId: string) => boolean,
): Promise<Statistics['reviewers']> {
  const shown = sums.slice(0, MOST_PEOPLE);
  const rows = await tx.person.findMany({
    where: { id: { in: shown.map(({ id }) => id) } },
    select: { id: true, name: true },
  });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return shown.map(({ id, approved, denied, ms }) => ({
    personId: id,
    name: names.get(id) ?? '?',
    approved,
    denied,
    minutes: maySee(id) ? ms / 60_000 : null,
  }));
}

async function readBehind(tx: Tx): Promise<number> {
  const rows = await tx.$queryRaw<{ behind: bigint }[]>`
    SELECT greatest(0, h.size - c.next_seq) AS behind FROM audit_head h, overview_cursor c WHERE h.id = 1 AND c.id = 1`;
  return Number(rows[0]?.behind ?? 0n);
}
