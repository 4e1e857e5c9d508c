import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CREDENTIAL_KINDS,
  checkEnd,
  daysLeft,
  dueReminder,
  isEnded,
  isMigrationKind,
  isSamePurpose,
  REMINDER_DAYS,
  targetOf,
} from './kinds.ts';

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

test('a credential goes onto each request, but for a variable and for a certificate', () => {
  assert.deepEqual(CREDENTIAL_KINDS.map(targetOf), [
    'headers',
    'headers',
    'env',
    'headers',
    'headers',
    'headers',
    'connection',
  ]);
});

test('a certificate goes beside any other credential, and any other takes the place of the last one', () => {
  for (const a of CREDENTIAL_KINDS) {
    for (const b of CREDENTIAL_KINDS) {
      assert.equal(isSamePurpose(a, b), (a === 'client-certificate') === (b === 'client-certificate'), `${a}, ${b}`);
    }
  }
});

test('why an end date will not do is said, and its limits are part of what will', () => {
  const at = (endsAtMs: number | null, isMigration: boolean) =>
    checkEnd({ endsAtMs, createdAtMs: 1_000, nowMs: 2_000 }, isMigration);
  const no = (error: string) => ({ ok: false, error });
  assert.deepEqual(at(null, true), no('A long-lived secret needs an end date, at most 90 days away.'));
  assert.deepEqual(at(null, false), { ok: true, value: null });
  for (const isMigration of [true, false]) {
    assert.deepEqual(at(2_000, isMigration), no('The end date is past.'));
    assert.deepEqual(at(2_001, isMigration), { ok: true, value: 2_001 });
    assert.deepEqual(at(1_000 + 90 * DAY_MS, isMigration), { ok: true, value: 1_000 + 90 * DAY_MS });
  }
  const late = 1_001 + 90 * DAY_MS;
  assert.deepEqual(at(late, true), no('A long-lived secret ends at most 90 days after it was added.'));
  assert.deepEqual(at(late, false), { ok: true, value: late });
});

test('a reminder is due from its very day on, unless it or a nearer one was given', () => {
  const end = 100 * DAY_MS;
  const due = (leftMs: number, reminded: number | null) => dueReminder(end, end - leftMs, reminded);
  assert.deepEqual(
    [14.01, 14, 8, 7, 6.99, 1.01, 1, 0.01].map((days) => due(days * DAY_MS, null)),
    [null, 14, 14, 7, 7, 7, 1, 1],
  );
  assert.deepEqual(
    [14, 7, 1, null].map((reminded) => due(7 * DAY_MS, reminded)),
    [7, null, null, 7],
  );
  assert.equal(due(0, null), null);
  assert.equal(dueReminder(null, 0, null), null);
  assert.deepEqual(
    [1.5, 2].map((days) => daysLeft(days * DAY_MS + 5, 5)),
    [1, 2],
  );
});
