import { wallTime } from '../policies/zoned-time.ts';

/** What a policy can be asked about recorded calls: as it is, with nothing in observe, and two plain ones. */
export const FORECASTS = ['now', 'enforced', 'high', 'mediumAndHigh'] as const;
export type ForecastName = (typeof FORECASTS)[number];
export type Holds = Readonly<Record<ForecastName, number>>;

/** Calls that would be held in one quarter of an hour; every zone's hours begin at one. */
export const QUARTER_MS = 900_000;
export type Quarter = Holds & { readonly atMs: number };

/** Monday to Friday, from nine to five: when people are asked in the first place. */
export const WORK = { from: 9, to: 17 } as const;
/** A forecast from less is a guess, and is called one. */
export const FEWEST_CALLS = 50;
export const FEWEST_WORKING_HOURS = 16;

export type Forecast = {
  /** Averages over all days, by hour of the day in the zone. */
  readonly hours: readonly (Holds & { readonly hour: number })[];
  /** The average of a working hour. */
  readonly working: Holds;
  /** How many whole hours the averages stand on. */
  readonly workingHours: number;
  readonly totals: Holds;
  readonly enough: 'yes' | 'few-calls' | 'few-hours';
};

/**
 * Spreads what would be held over the hours of a day, and over working hours alone.
 *
 * Averages stand on the hours that the record covers, from `sinceMs` (the first call, not the start of the look back), so
 * that a young installation is not made to look quiet. Throws where there is no such zone.
 */
export function forecastOf(
  quarters: readonly Quarter[],
  span: { readonly sinceMs: number; readonly untilMs: number; readonly calls: number; readonly zone: string },
): Forecast {
  const { sinceMs, untilMs, calls, zone } = span;
  const places = placesOf(sinceMs, untilMs, zone);
  const sums = Array.from({ length: 24 }, () => ({ covered: 0, holds: { ...NONE } }));
  const work = { covered: 0, holds: { ...NONE } };
  for (const place of places.values()) {
    const sum = sums[place.hour];
    if (sum !== undefined) sum.covered += place.hours;
    if (place.works) work.covered += place.hours;
  }
  const totals = { ...NONE };
  for (const quarter of quarters) {
    const place = places.get(quarter.atMs);
    if (place === undefined) continue;
    add(totals, quarter);
    const sum = sums[place.hour];
    if (sum !== undefined) add(sum.holds, quarter);
    if (place.works) add(work.holds, quarter);
  }
  return {
    hours: sums.map(({ covered, holds }, hour) => ({ hour, ...perHour(holds, covered) })),
    working: perHour(work.holds, work.covered),
    workingHours: Math.floor(work.covered),
    totals,
    enough: calls < FEWEST_CALLS ? 'few-calls' : work.covered < FEWEST_WORKING_HOURS ? 'few-hours' : 'yes',
  };
}

const NONE: Holds = { now: 0, enforced: 0, high: 0, mediumAndHigh: 0 };

type Place = { readonly hour: number; readonly works: boolean; readonly hours: number };

/** Each quarter that the span touches, with its hour in the zone and how much of it the span covers, in hours. */
function placesOf(sinceMs: number, untilMs: number, zone: string): ReadonlyMap<number, Place> {
  const places = new Map<number, Place>();
  for (let atMs = quarterOf(sinceMs); atMs < untilMs; atMs += QUARTER_MS) {
    const wall = wallTime(atMs, zone);
    const hour = wall.getUTCHours();
    const isWeekday = wall.getUTCDay() >= 1 && wall.getUTCDay() <= 5;
    const coveredMs = Math.min(atMs + QUARTER_MS, untilMs) - Math.max(atMs, sinceMs);
    places.set(atMs, {
      hour,
      works: isWeekday && hour >= WORK.from && hour < WORK.to,
      hours: coveredMs / 3_600_000,
    });
  }
  return places;
}

/** The quarter of an hour that a moment lies in. */
export function quarterOf(atMs: number): number {
  return Math.floor(atMs / QUARTER_MS) * QUARTER_MS;
}

function add(sum: Record<ForecastName, number>, more: Holds): void {
  for (const name of FORECASTS) sum[name] += more[name];
}

/** Less than one whole hour says little about a whole one; counting it as one exaggerates nothing. */
function perHour(holds: Holds, hours: number): Holds {
  const average = (name: ForecastName) => Math.round((holds[name] / Math.max(1, hours)) * 100) / 100;
  return {
    now: average('now'),
    enforced: average('enforced'),
    high: average('high'),
    mediumAndHigh: average('mediumAndHigh'),
  };
}
