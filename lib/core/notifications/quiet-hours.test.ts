import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wallTime } from '../policies/zoned-time.ts';
import { type QuietHours, quietUntil } from './quiet-hours.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const NIGHT: QuietHours = { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', days: EVERY_DAY };
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Pacific/Apia', 'Australia/Lord_Howe'];
const MINUTE_MS = 60_000;

const until = (quiet: QuietHours, at: string) => {
  const end = quietUntil(quiet, Date.parse(at));
  return end === null ? null : new Date(end).toISOString();
};

test('a night that runs over midnight ends in the morning of the next day', () => {
  assert.equal(until(NIGHT, '2026-11-23T21:30:00Z'), '2026-11-24T06:00:00.000Z');
  assert.equal(until(NIGHT, '2026-11-24T05:59:59Z'), '2026-11-24T06:00:00.000Z');
  assert.equal(until(NIGHT, '2026-11-24T06:00:00Z'), null, 'its end is not part of it');
  assert.equal(until(NIGHT, '2026-11-23T20:59:59Z'), null);
  assert.equal(until(NIGHT, '2026-11-23T21:00:00Z'), '2026-11-24T06:00:00.000Z', 'its beginning is');
});

test('days are those on which the quiet begins', () => {
  const weekend = { ...NIGHT, days: [5, 6] };
  assert.equal(until(weekend, '2026-11-27T23:00:00Z'), '2026-11-28T06:00:00.000Z', 'Friday night');
  assert.equal(until(weekend, '2026-11-29T03:00:00Z'), '2026-11-29T06:00:00.000Z', 'the morning after Saturday');
  assert.equal(until(weekend, '2026-11-29T23:00:00Z'), null, 'Sunday night');
});

test('the night in which the clock is changed ends at the clock’s seven', () => {
  assert.equal(until(NIGHT, '2026-03-28T23:00:00Z'), '2026-03-29T05:00:00.000Z');
  assert.equal(until(NIGHT, '2026-10-24T22:00:00Z'), '2026-10-25T06:00:00.000Z');
});

test('equal ends are the whole day, and quiet that goes on is over after a week', () => {
  const monday = { from: '00:00', to: '00:00', timeZone: 'UTC', days: [1] };
  assert.equal(until(monday, '2026-11-23T12:00:00Z'), '2026-11-24T00:00:00.000Z');
  assert.equal(until(monday, '2026-11-24T12:00:00Z'), null);
  const always = { ...monday, days: EVERY_DAY };
  assert.equal(until(always, '2026-11-23T12:00:00Z'), '2026-11-30T12:00:00.000Z');
});

test('a zone or clock that is none holds nothing back', () => {
  assert.equal(until({ ...NIGHT, timeZone: 'Mars/Olympus' }, '2026-11-23T23:00:00Z'), null);
  assert.equal(until({ ...NIGHT, from: '25:00' }, '2026-11-23T23:00:00Z'), null);
  assert.equal(quietUntil(null, 0), null);
});

const clock = fc
  .record({ h: fc.integer({ min: 0, max: 23 }), m: fc.integer({ min: 0, max: 59 }) })
  .map(({ h, m }) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
const quietHours: fc.Arbitrary<QuietHours> = fc.record({
  from: clock,
  to: clock,
  timeZone: fc.constantFrom(...ZONES),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
});
const instant = fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') });

/** Minute by minute what the words say, written another way. */
function isQuiet(quiet: QuietHours, atMs: number): boolean {
  const wall = wallTime(atMs, quiet.timeZone);
  const minute = wall.getUTCHours() * 60 + wall.getUTCMinutes();
  const [from = 0, to = 0] = [quiet.from, quiet.to].map(
    (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)),
  );
  const day = (offset: number) => quiet.days.includes((wall.getUTCDay() + offset) % 7);
  if (from < to) return day(0) && minute >= from && minute < to;
  return (day(0) && minute >= from) || (day(6) && minute < to);
}

test('held exactly while it is quiet, and the end is the first minute that is not', () => {
  fc.assert(
    fc.property(quietHours, instant, (quiet, atMs) => {
      const end = quietUntil(quiet, atMs);
      assert.equal(end !== null, isQuiet(quiet, atMs));
      if (end === null) return;
      assert.ok(end > atMs);
      if (end - atMs >= 7 * 24 * 60 * MINUTE_MS) return;
      assert.equal(isQuiet(quiet, end), false, 'not quiet at its end');
      // Only where the clock is set back does the minute before the end come twice.
      const turned = wallTime(end, quiet.timeZone).getTime() - wallTime(atMs, quiet.timeZone).getTime() !== end - atMs;
      if (!turned) assert.equal(isQuiet(quiet, end - 1), true, 'quiet until then');
    }),
    { numRuns: 2000 },
  );
});
