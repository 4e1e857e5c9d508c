import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FORECASTS, forecastOf, QUARTER_MS, type Quarter, quarterOf } from './forecast.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 10, 16);
const quarter = (atMs: number, n: number): Quarter => ({
  atMs,
  now: n,
  enforced: 2 * n,
  high: 3 * n,
  mediumAndHigh: 4 * n,
});
const week = { sinceMs: MONDAY, untilMs: MONDAY + 7 * DAY, calls: 1000, zone: 'UTC' };

test('holds are averaged over the hours of the day that the record covers', () => {
  const quarters = [
    quarter(MONDAY + 9 * HOUR, 7),
    quarter(MONDAY + DAY + 9 * HOUR + QUARTER_MS, 7),
    quarter(MONDAY + 5 * DAY, 7),
  ];
  const { hours, working, workingHours, totals, enough } = forecastOf(quarters, week);
  assert.equal(hours.length, 24);
  assert.deepEqual(hours[9], { hour: 9, now: 2, enforced: 4, high: 6, mediumAndHigh: 8 });
  assert.deepEqual(hours[0], { hour: 0, now: 1, enforced: 2, high: 3, mediumAndHigh: 4 });
  assert.deepEqual(hours[10], { hour: 10, now: 0, enforced: 0, high: 0, mediumAndHigh: 0 });
  assert.deepEqual(totals, { now: 21, enforced: 42, high: 63, mediumAndHigh: 84 });
  assert.deepEqual(
    [working, workingHours, enough],
    [{ now: 0.35, enforced: 0.7, high: 1.05, mediumAndHigh: 1.4 }, 40, 'yes'],
  );
});

test('a working hour is one from Monday to Friday, from nine and before five', () => {
  const ofWork = (atMs: number) => forecastOf([quarter(atMs, 40)], week).working.now;
  for (const [at, now] of [
    [MONDAY + 9 * HOUR, 1],
    [MONDAY + 9 * HOUR - QUARTER_MS, 0],
    [MONDAY + 17 * HOUR - QUARTER_MS, 1],
    [MONDAY + 17 * HOUR, 0],
    [MONDAY + 4 * DAY + 12 * HOUR, 1],
    [MONDAY + 5 * DAY + 12 * HOUR, 0],
    [MONDAY + 6 * DAY + 12 * HOUR, 0],
  ] as const) {
    assert.equal(ofWork(at), now, new Date(at).toISOString());
  }
});

test('the hours are those of the zone, also where it is half or three quarters of an hour off', () => {
  const at = MONDAY + 3 * HOUR + 2 * QUARTER_MS;
  const hourOf = (zone: string, atMs: number) =>
    forecastOf([quarter(atMs, 7)], { ...week, zone }).hours.find(({ now }) => now > 0)?.hour;
  assert.equal(hourOf('UTC', at), 3);
  assert.equal(hourOf('Asia/Kolkata', at), 9);
  assert.equal(hourOf('Asia/Kolkata', at - QUARTER_MS), 8);
  assert.equal(hourOf('Asia/Kathmandu', at - QUARTER_MS), 9);
  assert.equal(hourOf('America/New_York', at), 22);
  assert.throws(() => hourOf('Nowhere/Land', at));
});

test('a young record is not spread over the days before it', () => {
  const young = { ...week, sinceMs: MONDAY + 9 * HOUR, untilMs: MONDAY + 11 * HOUR };
  const { hours, working, workingHours, enough } = forecastOf([quarter(MONDAY + 9 * HOUR, 6)], young);
  assert.deepEqual([hours[9]?.now, working.now, workingHours, enough], [6, 3, 2, 'few-hours']);
});

test('part of an hour counts as a whole one, and what is outside of the span does not count', () => {
  const short = { ...week, sinceMs: MONDAY + 9 * HOUR + 60_000, untilMs: MONDAY + 9 * HOUR + QUARTER_MS + 60_000 };
  const { hours, working, totals, workingHours } = forecastOf(
    [quarter(MONDAY + 9 * HOUR, 6), quarter(MONDAY + 10 * HOUR, 50)],
    short,
  );
  assert.deepEqual([hours[9]?.now, working.now, workingHours, totals.now], [6, 6, 0, 6]);
});

test('with fewer than 50 calls or 16 working hours nothing is promised', () => {
  const enough = (more: object) => forecastOf([], { ...week, ...more }).enough;
  assert.equal(enough({ calls: 49 }), 'few-calls');
  assert.equal(enough({ calls: 50 }), 'yes');
  assert.equal(enough({ untilMs: MONDAY + DAY + 17 * HOUR }), 'yes');
  assert.equal(enough({ untilMs: MONDAY + DAY + 17 * HOUR - 60_000 }), 'few-hours');
});

test('whatever the zone, nothing is lost: the averages times their hours are the totals', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'Australia/Lord_Howe');
  const places = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 * 96 - 1 }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(zones, places, (zone, at) => {
      const untilMs = MONDAY + 30 * DAY;
      const quarters = [...new Map(at).entries()].map(([n, holds]) => quarter(MONDAY + n * QUARTER_MS, holds));
      const { hours, totals, working } = forecastOf(quarters, { sinceMs: MONDAY, untilMs, calls: 99, zone });
      const sum = quarters.reduce((all, { now }) => all + now, 0);
      assert.equal(totals.now, sum);
      // A change of the clocks gives one hour of the day 31 or 29 of them.
      const spread = hours.reduce((all, { now }) => all + now * 30, 0);
      assert.ok(Math.abs(spread - sum) <= sum / 20 + 24 * 30 * 0.005 + 1e-9, `${zone}: ${spread} of ${sum}`);
      for (const name of FORECASTS) assert.ok(working[name] * 160 <= totals[name] * 1.1 + 2);
    }),
    { numRuns: 25 },
  );
});

test('a moment belongs to the quarter that has begun', () => {
  assert.deepEqual(
    [quarterOf(MONDAY), quarterOf(MONDAY + QUARTER_MS - 1), quarterOf(MONDAY + QUARTER_MS)],
    [MONDAY, MONDAY, MONDAY + QUARTER_MS],
  );
});
