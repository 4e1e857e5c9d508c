// Server-only. How people decide, from their votes and from when they first opened what they voted on.
import type { CalibrationFigures } from '#lib/contracts/calibration.ts';
import { needsNudge } from '#lib/core/calibration/nudge.ts';
import { shareOf } from '#lib/core/statistics/interval.ts';
import type { Tx } from '../db/tx.ts';
import { dwellMs } from './dwell.ts';

/** How far back the figures look; the nudge looks at a week. */
export const FIGURE_DAYS = 30;
const WEEK_DAYS = 7;

type Row = {
  person_id: string;
  name: string;
  approved: number;
  denied: number;
  measured: number;
  unopened: number;
  median_ms: number | null;
  overturned: number;
  caught: number;
  planted: number;
  week: number;
  week_approved: number;
  week_median_ms: number | null;
};

/**
 * The figures of everybody who may decide or did, or of one person. Plants that were judged are counted apart; one that is
 * still open counts like any other request, or a voter could read from their own figures that it is one. In the week's
 * median a vote without opening counts as no time: that is what it took.
 */
export async function readFigures(tx: Tx, only: string | null): Promise<readonly CalibrationFigures[]> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH cast_votes AS (
      SELECT v.person_id, v.decision = 'approve' AS approve, ${dwellMs}::float8 AS ms,
        v.decision = 'approve' AND r.status IN ('denied', 'failed') AS overturned,
        v.cast_at > clock_timestamp() - make_interval(days => ${WEEK_DAYS}) AS lately
      FROM votes v JOIN approval_requests r ON r.id = v.request_id
        LEFT JOIN request_views w ON w.request_id = v.request_id AND w.person_id = v.person_id
      WHERE v.cast_at > now() - make_interval(days => ${FIGURE_DAYS}) AND v.withdrawn_at IS NULL
        AND (${only}::uuid IS NULL OR v.person_id = ${only}::uuid)
        AND r.call_id NOT IN (SELECT p.call_id FROM calibration_plants p WHERE p.judged_at IS NOT NULL)
    ), habits AS (
      SELECT person_id, count(*) FILTER (WHERE approve)::int AS approved, count(*) FILTER (WHERE NOT approve)::int AS denied,
        count(ms)::int AS measured, (count(*) - count(ms))::int AS unopened,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS median_ms,
        count(*) FILTER (WHERE overturned)::int AS overturned,
        count(*) FILTER (WHERE lately)::int AS week, count(*) FILTER (WHERE lately AND approve)::int AS week_approved,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(ms, 0)) FILTER (WHERE lately) AS week_median_ms
      FROM cast_votes GROUP BY person_id
    ), plants AS (
      SELECT person_id, count(*) FILTER (WHERE caught)::int AS caught, count(*)::int AS planted
      FROM calibration_results WHERE at > now() - make_interval(days => ${FIGURE_DAYS}) GROUP BY person_id
    )
    SELECT p.id::text AS person_id, p.name, coalesce(h.approved, 0) AS approved, coalesce(h.denied, 0) AS denied,
      coalesce(h.measured, 0) AS measured, coalesce(h.unopened, 0) AS unopened, h.median_ms,
      coalesce(h.overturned, 0) AS overturned, coalesce(x.caught, 0) AS caught, coalesce(x.planted, 0) AS planted,
      coalesce(h.week, 0) AS week, coalesce(h.week_approved, 0) AS week_approved, h.week_median_ms
    FROM people p LEFT JOIN habits h ON h.person_id = p.id LEFT JOIN plants x ON x.person_id = p.id
    WHERE (${only}::uuid IS NULL OR p.id = ${only}::uuid)
      AND (h.person_id IS NOT NULL OR x.person_id IS NOT NULL OR (p.status = 'active' AND 'reviewer' = ANY (p.roles)))
    ORDER BY coalesce(h.approved, 0) + coalesce(h.denied, 0) DESC, p.name, p.id`;
  return rows.map(toFigures);
}

function toFigures(row: Row): CalibrationFigures {
  const week = { decisions: row.week, approved: row.week_approved, medianDwellS: seconds(row.week_median_ms) };
  return {
    personId: row.person_id,
    name: row.name,
    approved: row.approved,
    denied: row.denied,
    approveRate: shareOf(row.approved, row.approved + row.denied),
    medianDwellS: seconds(row.median_ms),
    measured: row.measured,
    unopened: row.unopened,
    overturned: shareOf(row.overturned, row.approved),
    plants: shareOf(row.caught, row.planted),
    nudge: needsNudge(week),
    lastWeek: week,
  };
}

function seconds(ms: number | null): number | null {
  return ms === null ? null : ms / 1000;
}
