/** A share of few cases, with how far it may be off. */
export type Share = {
  readonly hits: number;
  readonly of: number;
  /** Null where there is no case at all: nothing is known, not zero. */
  readonly share: number | null;
  readonly low: number;
  readonly high: number;
};

/** The 97.5th percentile of the normal distribution: both ends together leave out 5 %. */
const Z = 1.959963984540054;

/**
 * A share with its 95 % interval by Wilson's score method, which stays within 0 and 1 and does not call three of three
 * certain. Assumes whole counts with `hits` at most `of`; of none it says that anything is possible.
 */
export function shareOf(hits: number, of: number): Share {
  if (of === 0) return { hits, of, share: null, low: 0, high: 1 };
  const share = hits / of;
  const z2 = Z * Z;
  const middle = share + z2 / (2 * of);
  const reach = Z * Math.sqrt((share * (1 - share) + z2 / (4 * of)) / of);
  const scale = 1 + z2 / of;
  // At the edges the formula misses them by a rounding error.
  const low = hits === 0 ? 0 : Math.min(share, (middle - reach) / scale);
  const high = hits === of ? 1 : Math.max(share, (middle + reach) / scale);
  return { hits, of, share, low: Math.max(0, low), high: Math.min(1, high) };
}
