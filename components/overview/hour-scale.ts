import type { Overview } from '#lib/contracts/audit.ts';

export type Hour = Overview['byHour'][number];

/** What the chart stacks, from the axis upwards: the harmful lies on top, where the eye is. */
export const SERIES = ['low', 'medium', 'high'] as const;
export type Series = (typeof SERIES)[number];

/** One segment of a column, in counts: where it starts and ends. */
export type Segment = { readonly series: Series; readonly from: number; readonly to: number };

/** The segments of an hour, bottom up; empty ones are left out. */
export function stack(hour: Hour): readonly Segment[] {
  let at = 0;
  return SERIES.flatMap((series) => {
    const from = at;
    at += hour[series];
    return hour[series] > 0 ? [{ series, from, to: at }] : [];
  });
}

/** Calls asked for in an hour, whatever became of them. */
export function totalOf(hour: Hour): number {
  return hour.low + hour.medium + hour.high;
}

/**
 * The last `count` hours ending with the hour of `nowMs`, with zeros where the log is silent: a quiet hour must be seen
 * as quiet, not skipped.
 */
export function fillHours(hours: readonly Hour[], nowMs: number, count = 24): readonly Hour[] {
  const HOUR_MS = 3_600_000;
  const known = new Map(hours.map((hour) => [Math.floor(Date.parse(hour.hour) / HOUR_MS), hour]));
  const last = Math.floor(nowMs / HOUR_MS);
  return Array.from({ length: count }, (_, i) => {
    const index = last - count + 1 + i;
    return known.get(index) ?? { hour: new Date(index * HOUR_MS).toISOString(), low: 0, medium: 0, high: 0, denied: 0 };
  });
}
