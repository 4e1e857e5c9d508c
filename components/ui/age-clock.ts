import { formatSpan } from '#lib/client/time.ts';

const DAY_MS = 86_400_000;

/** How a clock stands. `endless` has no end of its own; `ended` is a hard stop. */
export type ClockState = 'endless' | 'running' | 'soon' | 'last' | 'ended';
export type Clock = {
  readonly state: ClockState;
  readonly leftMs: number | null;
  /** Which share of its time is left, from 0 to 1; 1 without an end. */
  readonly share: number;
};

/** A span of life: when it began, and when it is over; null = it has no end of its own. */
export type Life = { readonly since: string; readonly endsAt: string | null };
/** From how many days on a clock is shown as running out, and as nearly out. */
export type Warning = { readonly soonDays: number; readonly lastDays: number };
export const TWO_WEEKS: Warning = { soonDays: 14, lastDays: 3 };

/** Reads a clock on the server's time. */
export function clockOf({ since, endsAt }: Life, nowMs: number, warning: Warning = TWO_WEEKS): Clock {
  if (endsAt === null) return { state: 'endless', leftMs: null, share: 1 };
  const leftMs = Date.parse(endsAt) - nowMs;
  if (leftMs <= 0) return { state: 'ended', leftMs: 0, share: 0 };
  const whole = Math.max(1, Date.parse(endsAt) - Date.parse(since));
  const days = leftMs / DAY_MS;
  const state = days <= warning.lastDays ? 'last' : days <= warning.soonDays ? 'soon' : 'running';
  return { state, leftMs, share: Math.min(1, leftMs / whole) };
}

/** Full days that are left, as the command line counts them; null without an end. */
function daysLeft({ leftMs }: Clock): number | null {
  return leftMs === null ? null : Math.floor(leftMs / DAY_MS);
}

/** `no end`, `ended`, `5 h left`, `12 days left`. */
export function clockWords(clock: Clock): string {
  if (clock.leftMs === null) return 'no end';
  if (clock.state === 'ended') return 'ended';
  return clock.leftMs < DAY_MS ? `${formatSpan(clock.leftMs / 1000)} left` : `${dayWords(clock)} left`;
}

function dayWords(clock: Clock): string {
  const days = daysLeft(clock);
  return days === 1 ? '1 day' : `${days} days`;
}

/** The same in the few letters that fit into a ring: `12`, `5h`, `9m`. */
export function clockMark(clock: Clock): string {
  const left = clock.leftMs ?? 0;
  if (left >= DAY_MS) return String(daysLeft(clock));
  return left >= DAY_MS / 24 ? `${Math.floor(left / 3_600_000)}h` : `${Math.ceil(left / 60_000)}m`;
}
