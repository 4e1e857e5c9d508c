import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateIn, endOf, hourWords } from './end-choice.ts';

const NOW = Date.parse('2026-11-22T12:00:00.000Z');

test('an end is a moment from now, the end of a day, or none', () => {
  assert.equal(endOf({ kind: 'in', hours: 24 }, NOW), '2026-11-23T11:59:00.000Z');
  assert.equal(endOf({ kind: 'never' }, NOW), null);
  assert.equal(endOf({ kind: 'on', date: '' }, NOW), undefined);
  const onDay = endOf({ kind: 'on', date: '2026-12-01' }, NOW);
  assert.equal(onDay, new Date(2026, 11, 1, 23, 59).toISOString());
});

test('an end at the limit stays inside it', () => {
  const end = endOf({ kind: 'in', hours: 90 * 24 }, NOW);
  assert.ok(typeof end === 'string' && Date.parse(end) < NOW + 90 * 86_400_000);
});

test('spans read as hours below a day and as days from there', () => {
  assert.deepEqual([1, 8, 24, 168].map(hourWords), ['1 hour', '8 hours', '1 day', '7 days']);
  assert.match(dateIn(1, NOW), /^2026-11-2\d$/);
});
