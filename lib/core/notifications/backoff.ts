/** How often one delivery is tried before it is given up. */
export const MOST_TRIES = 8;

const MINUTE_MS = 60_000;
/** After the first, second, … failure. */
const PAUSES_MS = [5_000, 30_000, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 120 * MINUTE_MS, 360 * MINUTE_MS];
const LONGEST_MS = 360 * MINUTE_MS;
const SPREAD = 0.2;

/**
 * How long to wait after the nth failure (1 = the first); null: give up. `random` in [0, 1) spreads what failed together, so
 * that a receiver that comes back is not met by everything at once. What the receiver asks for is a lower bound, up to six
 * hours: it must not be able to hold a message for ever.
 */
export function pauseAfter(failures: number, random: number, retryAfterMs: number | null): number | null {
  if (failures >= MOST_TRIES) return null;
  const base = PAUSES_MS[Math.max(failures, 1) - 1] ?? LONGEST_MS;
  const spread = base * (1 - SPREAD + 2 * SPREAD * random);
  return Math.round(Math.max(spread, Math.min(retryAfterMs ?? 0, LONGEST_MS)));
}

/** A Retry-After header (RFC 9110 section 10.2.3): seconds or a date; null for anything else. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  // A date begins with a weekday; without this check Date.parse reads "-5" as a year.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}
