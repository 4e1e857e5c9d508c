import { type TimeWindow, WEEKDAYS, type Weekday } from './rule.ts';

/** Whether an instant is inside a window. `error`: the zone is unknown, a clock is malformed, or nobody said what time it is. */
export type WindowOutcome = 'inside' | 'outside' | 'error';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const CLOCK = /^([01]\d|2[0-3]):([0-5]\d)$/;
/** `formatToParts` costs more than a whole decision, and calls come many to the minute. */
type WallClock = { readonly format: Intl.DateTimeFormat; minute: number; day: Weekday | null; minuteOfDay: number };

/**
 * Compiles a window of wall-clock time in an IANA zone.
 *
 * `from` is part of it, `to` is not. from > to runs over midnight and belongs to the day on which it began; equal ends are
 * the whole day. Zones and their daylight saving come from the runtime's own tables.
 */
export function compileWindow(window: TimeWindow): (nowMs: number | undefined) => WindowOutcome {
  const clock = wallClock(window.zone);
  const from = window.from === undefined ? 0 : minuteOf(window.from);
  const to = window.to === undefined ? DAY_MINUTES : minuteOf(window.to);
  if (clock === null || from === null || to === null || window.days?.length === 0) return () => 'error';
  const onDay = (day: Weekday) => window.days === undefined || window.days.includes(day);
  return (nowMs) => {
    if (nowMs === undefined || !(Math.abs(nowMs) < 8.64e15)) return 'error';
    const { day, minuteOfDay } = read(clock, nowMs);
    if (day === null) return 'error';
    const yesterday = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7] ?? day;
    const began = from < to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from;
    const runsOn = from >= to && minuteOfDay < to;
    return (began && onDay(day)) || (runsOn && onDay(yesterday)) ? 'inside' : 'outside';
  };
}

/** Whether the runtime knows a zone and both clocks are times of day. */
export function windowProblem(window: TimeWindow): 'zone' | 'clock' | 'empty' | null {
  if (wallClock(window.zone) === null) return 'zone';
  for (const clock of [window.from, window.to]) if (clock !== undefined && minuteOf(clock) === null) return 'clock';
  return window.days?.length === 0 ? 'empty' : null;
}

/** One for each zone, of which there are some hundreds: making one costs as much as many decisions. */
const clocks = new Map<string, WallClock>();

function wallClock(zone: string): WallClock | null {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    const clock = { format, minute: Number.NaN, day: null, minuteOfDay: 0 };
    clocks.set(zone, clock);
    return clock;
  } catch {
    return null;
  }
}

/** Zones are whole minutes apart today, so one reading serves a minute. */
function read(clock: WallClock, nowMs: number): WallClock {
  const minute = Math.floor(nowMs / MINUTE_MS);
  if (clock.minute === minute) return clock;
  const parts = new Map(clock.format.formatToParts(minute * MINUTE_MS).map((part) => [part.type, part.value]));
  const name = parts.get('weekday')?.toLowerCase();
  clock.day = WEEKDAYS.find((day) => day === name) ?? null;
  clock.minuteOfDay = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  clock.minute = minute;
  return clock;
}

function minuteOf(clock: string): number | null {
  const parts = CLOCK.exec(clock);
  return parts === null ? null : Number(parts[1]) * 60 + Number(parts[2]);
}
