import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CREDENTIAL_KINDS, checkEnd, daysLeft, dueReminder, isEnded, isMigrationKind, REMINDER_DAYS } from './kinds.ts';

const DAY_MS = 86_400_000;
const times = fc.integer({ min: 0, max: 4_000_000_000_000 });

test('what is sent as it is, is for a migration; what is minted is not', () => {
  assert.deepEqual(CREDENTIAL_KINDS.filter(isMigrationKind), ['bearer', 'header', 'env']);
});

test('a migration credential is never accepted without an end, past its end or beyond 90 days from its making', () => {
  fc.assert(
    fc.property(times, times, fc.option(times), (createdAtMs, nowMs, endsAtMs) => {
      const checked = checkEnd({ endsAtMs, createdAtMs, nowMs }, true);
      const fits = endsAtMs !== null && endsAtMs > nowMs && endsAtMs <= createdAtMs + 90 * DAY_MS;
      assert.equal(checked.ok, fits);
    }),
  );
});

test('at the moment of its end it is over, also for a time that is no number', () => {
  assert.equal(isEnded(1000, 999), false);
  assert.equal(isEnded(1000, 1000), true);
  assert.equal(isEnded(Number.NaN, 0), true);
  assert.equal(isEnded(null, Number.MAX_SAFE_INTEGER), false);
});

test('each reminder comes once, the nearest one that is due, and none after the end', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2, max: 40 }), { minLength: 1, maxLength: 30 }), (days) => {
      const endsAtMs = 100 * DAY_MS;
      let reminded: number | null = null;
      const given: number[] = [];
      for (const left of days.toSorted((a, b) => b - a)) {
        const due = dueReminder(endsAtMs, endsAtMs - left * DAY_MS, reminded);
        if (due === null) continue;
        assert.ok(left > 0 && left <= due);
        given.push(due);
        reminded = due;
      }
      assert.deepEqual(given, [...new Set(given)]);
      assert.ok(given.every((due) => REMINDER_DAYS.some((one) => one === due)));
    }),
  );
});

test('days left are full days and never negative', () => {
  assert.equal(daysLeft(2 * DAY_MS - 1, 0), 1);
  assert.equal(daysLeft(0, 5), 0);
  assert.equal(daysLeft(null, 5), null);
});
