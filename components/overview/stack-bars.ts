import type { Bar, BarTone } from '#components/ui/column-chart.tsx';

/** One part of a column: its look and how much of it there is. */
export type Part = { readonly tone: BarTone; readonly count: number };

/** Parts on top of each other, from the axis upwards; empty ones are left out. */
export function stackBars(parts: readonly Part[]): readonly Bar[] {
  let at = 0;
  return parts.flatMap(({ tone, count }) => {
    const from = at;
    at += Math.max(0, count);
    return count > 0 ? [{ tone, from, to: at }] : [];
  });
}

/** The height of the whole stack. */
export function heightOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { count }) => sum + Math.max(0, count), 0);
}
