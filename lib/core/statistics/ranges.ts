/** How far a chart looks back, and how wide its columns are. A column of days begins at midnight UTC. */
export const RANGES = {
  '24h': { seconds: 86_400, bucketS: 3_600 },
  '7d': { seconds: 7 * 86_400, bucketS: 6 * 3_600 },
  '30d': { seconds: 30 * 86_400, bucketS: 86_400 },
} as const;
export type RangeName = keyof typeof RANGES;
export const RANGE_NAMES = ['24h', '7d', '30d'] as const satisfies readonly RangeName[];

/** A text of the address bar as a range; anything else is the day. */
export function rangeOf(text: string | null | undefined): RangeName {
  return RANGE_NAMES.find((name) => name === text) ?? '24h';
}

/** The starts of the columns, oldest first; the last holds `nowMs` and is not over yet. */
export function columnsOf(range: RangeName, nowMs: number): readonly number[] {
  const { seconds, bucketS } = RANGES[range];
  const widthMs = bucketS * 1000;
  const last = Math.floor(nowMs / widthMs) * widthMs;
  const count = seconds / bucketS;
  return Array.from({ length: count }, (_, i) => last - (count - 1 - i) * widthMs);
}
