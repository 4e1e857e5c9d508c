import { wallTime } from '../policies/zoned-time.ts';

/** A person's quiet hours by the wall clock of their zone; `days` are those on which they begin, 0 = Sunday. */
export type QuietHours = {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly days: readonly number[];
};

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** Quiet for a week on end is no quiet hours any more. */
const LONGEST_MS = 7 * 24 * 60 * MINUTE_MS;

/**
 * When the quiet that holds at an instant ends; null when none holds. `from` is part of it and `to` is not; from after to
 * runs over midnight; equal ends are the whole day. A quiet that begins where another ends goes on, for a week at most.
 * The zone's change of the clock is counted in. A zone that the runtime does not know, or a clock that is none, holds nothing back.
 */
export function quietUntil(quiet: QuietHours | null, nowMs: number): number | null {
  if (quiet === null) return null;
  const from = minuteOf(quiet.from);
  const to = minuteOf(quiet.to);
  if (from === null || to === null || !isZone(quiet.timeZone)) return null;
  let at = nowMs;
  while (at - nowMs < LONGEST_MS) {
    const minutes = minutesLeft(quiet, { from, to }, at);
    if (minutes === null) break;
    at = wallForward(quiet.timeZone, at, minutes);
  }
  return at === nowMs ? null : Math.min(at, nowMs + LONGEST_MS);
}

/** Wall-clock minutes until the quiet that holds now ends by the clock. */
function minutesLeft(quiet: QuietHours, { from, to }: { from: number; to: number }, atMs: number): number | null {
  const wall = wallTime(atMs, quiet.timeZone);
  const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
  const today = wall.getUTCDay();
  const overMidnight = from >= to;
  const began = minute >= from && (overMidnight || minute < to);
  if (began && quiet.days.includes(today)) return (overMidnight ? DAY_MINUTES : 0) + to - minute;
  if (overMidnight && minute < to && quiet.days.includes((today + 6) % 7)) return to - minute;
  return null;
}

/** The instant at which the wall clock shows the minute that is so many ahead; the next one there is where the clock skips it. */
function wallForward(zone: string, atMs: number, minutes: number): number {
  const startOfMinute = atMs - (atMs % MINUTE_MS);
  const goal = Math.floor(wallTime(atMs, zone).getTime() / MINUTE_MS) + minutes;
  let guess = startOfMinute + minutes * MINUTE_MS;
  for (let round = 0; round < 3; round++) {
    const off = goal - Math.floor(wallTime(guess, zone).getTime() / MINUTE_MS);
    if (off === 0) break;
    guess += off * MINUTE_MS;
  }
  return Math.max(guess, startOfMinute + MINUTE_MS);
}

function isZone(zone: string): boolean {
  try {
    wallTime(0, zone);
    return true;
  } catch {
    return false;
  }
}

function minuteOf(clock: string): number | null {
  const parts = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(clock);
  return parts === null ? null : Number(parts[1]) * 60 + Number(parts[2]);
}
