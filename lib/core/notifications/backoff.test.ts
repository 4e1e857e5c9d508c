import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MOST_TRIES, pauseAfter, readRetryAfter } from './backoff.ts';

const SIX_HOURS_MS = 6 * 3_600_000;

test('pauses grow from five seconds to six hours, and the eighth failure is the last', () => {
  const pauses = Array.from({ length: MOST_TRIES }, (_, n) => pauseAfter(n + 1, 0.5, null));
  assert.deepEqual(pauses, [5_000, 30_000, 120_000, 600_000, 1_800_000, 7_200_000, SIX_HOURS_MS, null]);
});

test('a pause is spread by a fifth, and never shorter than what the receiver asked for, up to six hours', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: MOST_TRIES - 1 }),
      fc.double({ min: 0, max: 0.999999, noNaN: true }),
      fc.option(fc.integer({ min: 0, max: 10 * SIX_HOURS_MS })),
      (failures, random, retryAfterMs) => {
        const base = pauseAfter(failures, 0.5, null) ?? 0;
        const pause = pauseAfter(failures, random, retryAfterMs) ?? 0;
        assert.ok(pause >= Math.round(base * 0.8));
        assert.ok(pause >= Math.min(retryAfterMs ?? 0, SIX_HOURS_MS));
        assert.ok(pause <= Math.max(base * 1.2 + 1, SIX_HOURS_MS));
      },
    ),
  );
});

test('Retry-After is seconds or a date, and anything else is none', () => {
  const now = Date.parse('2026-11-23T12:00:00Z');
  assert.equal(readRetryAfter('120', now), 120_000);
  assert.equal(readRetryAfter('Mon, 23 Nov 2026 12:01:00 GMT', now), 60_000);
  assert.equal(readRetryAfter('Mon, 23 Nov 2026 11:00:00 GMT', now), 0);
  for (const none of [undefined, '', '-5', '1e9', 'soon', '99999999999']) assert.equal(readRetryAfter(none, now), null);
});
