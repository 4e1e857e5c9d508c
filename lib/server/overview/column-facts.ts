// Server-only. What people decided in the columns of a chart, and the time that went into it.
import { z } from 'zod';
import { dwellMs } from '../calibration/dwell.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

const personSchema = z.object({
  id: z.string(),
  approved: z.number(),
  denied: z.number(),
  ms: z.number(),
  measured: z.number(),
  unopened: z.number(),
});
const toolSchema = z.object({ server: z.string(), tool: z.string(), approved: z.number(), denied: z.number() });
/** One column; also as it is kept once the column is over. */
export const columnFactsSchema = z.object({
  decided: z.number(),
  /** p50, p90 and p99 of the wait in seconds; null where nothing was decided. */
  waits: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  people: z.array(personSchema),
  tools: z.array(toolSchema),
});
export type ColumnFacts = z.infer<typeof columnFactsSchema>;

export const NO_FACTS: ColumnFacts = { decided: 0, waits: null, people: [], tools: [] };

type Window = { readonly bucketS: number; readonly from: Date; readonly until: Date };
type WaitRow = { at: number; decided: number; waits: [number, number, number] };
type PersonRow = z.infer<typeof personSchema> & { at: number };
type ToolRow = z.infer<typeof toolSchema> & { at: number };

/** The red team's are left out. Plants that were judged are nobody's decision about a call; one that waits still counts, or it would be missed here. */
const NO_PLANT = Prisma.sql`r.call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
  AND r.agent_id <> ALL ((SELECT red_team_agent_ids())::uuid[])`;

const columnOf = (time: Prisma.Sql, bucketS: number) =>
  Prisma.sql`(floor(extract(epoch FROM ${time}) / ${bucketS}::int) * ${bucketS}::int)::float8 * 1000`;

/** The facts of the columns between two times by the start of the column; columns without any are left out. */
export async function readColumnFacts(tx: Tx, { bucketS, from, until }: Window): Promise<Map<number, ColumnFacts>> {
  const decidedAt = columnOf(Prisma.sql`r.decided_at`, bucketS);
  const waits = await tx.$queryRaw<WaitRow[]>`
    SELECT ${decidedAt} AS at, count(*)::int AS decided,
      percentile_disc(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY extract(epoch FROM r.decided_at - r.requested_at)::float8) AS waits
    FROM approval_requests r WHERE r.decided_at >= ${from} AND r.decided_at < ${until} AND ${NO_PLANT} GROUP BY 1`;
  const tools = await tx.$queryRaw<ToolRow[]>`
    SELECT ${decidedAt} AS at, r.server_name AS server, r.tool_name AS tool,
      (count(*) FILTER (WHERE r.status <> 'denied'))::int AS approved, (count(*) FILTER (WHERE r.status = 'denied'))::int AS denied
    FROM approval_requests r WHERE r.decided_at >= ${from} AND r.decided_at < ${until} AND ${NO_PLANT} GROUP BY 1, 2, 3`;
  const people = await tx.$queryRaw<PersonRow[]>`
    SELECT ${columnOf(Prisma.sql`v.cast_at`, bucketS)} AS at, v.person_id::text AS id,
      (count(*) FILTER (WHERE v.decision = 'approve'))::int AS approved, (count(*) FILTER (WHERE v.decision = 'deny'))::int AS denied,
      coalesce(sum(${dwellMs}), 0)::float8 AS ms, count(${dwellMs})::int AS measured, (count(*) - count(${dwellMs}))::int AS unopened
    FROM votes v LEFT JOIN request_views w ON w.request_id = v.request_id AND w.person_id = v.person_id
    WHERE v.cast_at >= ${from} AND v.cast_at < ${until} AND v.withdrawn_at IS NULL
      AND v.request_id NOT IN (SELECT r.id FROM calibration_plants p JOIN approval_requests r ON r.call_id = p.call_id
        WHERE p.judged_at IS NOT NULL)
    GROUP BY 1, 2`;
  const facts = new Map<number, ColumnFacts>();
  const add = (at: number, more: Partial<ColumnFacts>) => facts.set(at, { ...(facts.get(at) ?? NO_FACTS), ...more });
  for (const row of waits) add(row.at, { decided: row.decided, waits: row.waits });
  for (const [at, rows] of Map.groupBy(tools, (row) => row.at))
    add(at, { tools: rows.map(({ at: _, ...row }) => row) });
  for (const [at, rows] of Map.groupBy(people, (row) => row.at))
    add(at, { people: rows.map(({ at: _, ...row }) => row) });
  return facts;
}
