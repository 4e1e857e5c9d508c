import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clockOf } from '#components/ui/age-clock.ts';
import { SPANS, spanOf } from './days-spans.ts';

const NOW = Date.parse('2026-11-11T00:00:00.000Z');
const since = '2026-11-01T00:00:00.000Z';

test('every clock falls into exactly one span', () => {
  const spans = [-5, 1, 3, 4, 14, 30, 31, 89].map((days) => {
    const endsAt = new Date(NOW + days * 86_400_000).toISOString();
    return SPANS[spanOf(clockOf({ since, endsAt }, NOW))]?.text;
  });
  assert.deepEqual(spans, ['ended', '3 d', '3 d', '14 d', '14 d', '30 d', '60 d', 'more']);
  assert.equal(SPANS[spanOf(clockOf({ since, endsAt: null }, NOW))]?.text, 'no end');
});
