// Server-only. How often a server's children died, and when the next may start. Pure: the time is an argument.

const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 30_000;
/** So many crashes within the window are a loop: the server is refused at once, for a while. */
export const LOOP_CRASHES = 5;
export const LOOP_WINDOW_MS = 2 * 60_000;
export const LOOP_REST_MS = 60_000;

/** Times of its crashes in the window, oldest first, in milliseconds of a clock that never goes back. */
export type CrashRecord = { readonly at: readonly number[] };

export const NO_CRASHES: CrashRecord = { at: [] };

/** The record after one more crash. Those before the window are forgotten, and so is a record that is all old. */
export function addCrash(record: CrashRecord, nowMs: number): CrashRecord {
  const recent = record.at.filter((at) => nowMs - at < LOOP_WINDOW_MS);
  return { at: [...recent, nowMs].slice(-LOOP_CRASHES) };
}

export type MayStart =
  | { readonly kind: 'now' }
  /** Growing pauses: a server that dies at once must not keep the machine busy with starting it. */
  | { readonly kind: 'pause'; readonly forMs: number }
  | { readonly kind: 'loop'; readonly forMs: number };

/** Whether a child may be started now. */
export function mayStart(record: CrashRecord, nowMs: number): MayStart {
  const recent = record.at.filter((at) => nowMs - at < LOOP_WINDOW_MS);
  const last = recent.at(-1);
  if (last === undefined) return { kind: 'now' };
  if (recent.length >= LOOP_CRASHES) {
    const rest = last + LOOP_REST_MS - nowMs;
    // After the rest one more try is let through; if it dies as well, the rest begins again.
    return rest > 0 ? { kind: 'loop', forMs: rest } : { kind: 'now' };
  }
  const pause = last + Math.min(FIRST_PAUSE_MS * 2 ** (recent.length - 1), LAST_PAUSE_MS) - nowMs;
  return pause > 0 ? { kind: 'pause', forMs: pause } : { kind: 'now' };
}
