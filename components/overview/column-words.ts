import { formatClock, formatDay } from '#lib/client/time.ts';
import type { RangeName } from '#lib/core/statistics/ranges.ts';

/** `14:00`, `Sun 22 Nov, 06:00` or `Sun 22 Nov 2026`: when a column begins, as its sentence says it. */
export function columnStart(iso: string, range: RangeName): string {
  switch (range) {
    case '24h':
      return formatClock(iso).slice(0, 5);
    case '7d':
      return `${formatDay(iso).replace(/ \d{4}$/, '')}, ${formatClock(iso).slice(0, 5)}`;
    case '30d':
      return formatDay(iso);
  }
}

/** What moves along the axis. */
export const COLUMN_WORDS: Readonly<Record<RangeName, string>> = {
  '24h': 'Hour of the last 24',
  '7d': 'Quarter of a day of the last 7 days',
  '30d': 'Day of the last 30',
};

/** Under every how many columns a word stands. */
const EVERY: Readonly<Record<RangeName, number>> = { '24h': 6, '7d': 4, '30d': 6 };

/** The words under the axis, counted back from the newest column; each has an equal share of the width. */
export function axisTicks(starts: readonly string[], range: RangeName): string[] {
  const last = starts.length - 1;
  return starts.flatMap((iso, i) => ((last - i) % EVERY[range] === 0 ? [tick(iso, range)] : []));
}

function tick(iso: string, range: RangeName): string {
  if (range === '24h') return formatClock(iso).slice(0, 5);
  const date = new Date(iso);
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}
