// How long to wait before asking a gateway again that is not there.
import { setTimeout as delay } from 'node:timers/promises';

const FIRST_MS = 200;
const MOST_MS = 5_000;

/** Twice as long each time, within bounds, and spread so that many agents do not come back in the same moment. */
export function backoffMs(attempt: number, random: number): number {
  const whole = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return whole / 2 + (whole / 2) * random;
}

/** Waits, unless the signal says that nobody waits any more. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    // Taken back: whoever waits looks at the signal.
  }
}
