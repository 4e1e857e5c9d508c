// Server-only. Who decided, and the time that went into it.
import type { Statistics } from '#lib/contracts/overview.ts';
import { dwellMs } from '../calibration/dwell.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

/** Votes of a range that stand, about real calls as far as that may be known. */
const votesSince = (from: Date) => Prisma.sql`
  FROM votes v JOIN approval_requests r ON r.id = v.request_id
    LEFT JOIN request_views w ON w.request_id = v.request_id AND w.person_id = v.person_id
  WHERE v.cast_at >= ${from} AND v.withdrawn_at IS NULL
    AND r.call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)`;

type Row = { person_id: string; name: string; approved: number; denied: number; ms: number };

/** Votes by person, most first; minutes only of those whose the reader may see. */
export async function readReviewers(
  tx: Tx,
  from: Date,
  maySee: (personId: string) => boolean,
): Promise<Statistics['reviewers']> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT s.person_id::text, p.name, s.approved, s.denied, s.ms FROM (
      SELECT v.person_id, (count(*) FILTER (WHERE v.decision = 'approve'))::int AS approved,
        (count(*) FILTER (WHERE v.decision = 'deny'))::int AS denied, coalesce(sum(${dwellMs}), 0)::float8 AS ms
      ${votesSince(from)} GROUP BY v.person_id) s JOIN people p ON p.id = s.person_id
    ORDER BY s.approved + s.denied DESC, p.name, s.person_id LIMIT 50`;
  return rows.map((row) => ({
    personId: row.person_id,
    name: row.name,
    approved: row.approved,
    denied: row.denied,
    minutes: maySee(row.person_id) ? row.ms / 60_000 : null,
  }));
}

/** The minutes of everybody together. */
export async function readMinutes(tx: Tx, from: Date): Promise<Statistics['minutes']> {
  const rows = await tx.$queryRaw<{ ms: number; measured: number; unopened: number }[]>`
    SELECT coalesce(sum(${dwellMs}), 0)::float8 AS ms, count(${dwellMs})::int AS measured,
      (count(*) FILTER (WHERE ${dwellMs} IS NULL))::int AS unopened
    ${votesSince(from)}`;
  const { ms = 0, measured = 0, unopened = 0 } = rows[0] ?? {};
  return { total: ms / 60_000, measured, unopened };
}
