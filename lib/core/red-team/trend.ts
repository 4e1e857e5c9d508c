import { percentOf } from './score.ts';

const WEEK_MS = 7 * 86_400_000;
/** Thursday, 1 January 1970, to the Monday before it. */
const MONDAY_MS = -3 * 86_400_000;

export type FinishedRun = { readonly atMs: number; readonly held: number; readonly of: number };
/** A week that begins on Monday, UTC, with its last run; without one it has none. */
export type TrendWeek = {
  readonly startMs: number;
  readonly runs: number;
  readonly held: number | null;
  readonly of: number | null;
  readonly percent: number | null;
};

/** The last weeks, oldest first, the one that holds `nowMs` included. The last run of a week speaks for it. */
export function trendOf(runs: readonly FinishedRun[], nowMs: number, weeks: number): readonly TrendWeek[] {
  const current = weekStart(nowMs);
  return Array.from({ length: weeks }, (_, at) => {
    const startMs = current - (weeks - 1 - at) * WEEK_MS;
    const own = runs.filter((run) => weekStart(run.atMs) === startMs).toSorted((a, b) => a.atMs - b.atMs);
    const last = own.at(-1);
    return last === undefined
      ? { startMs, runs: 0, held: null, of: null, percent: null }
      : { startMs, runs: own.length, held: last.held, of: last.of, percent: percentOf(last) };
  });
}

function weekStart(atMs: number): number {
  return Math.floor((atMs - MONDAY_MS) / WEEK_MS) * WEEK_MS + MONDAY_MS;
}
