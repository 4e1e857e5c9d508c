import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatLoad, hourWords, loadTop } from './load-scale.ts';

test('the axis ends at a round number that holds the tallest column, however small', () => {
  const of = (now: number, draft: number) => loadTop([now, draft]);
  assert.equal(of(0, 0), 0.1);
  assert.equal(of(0.14, 0.13), 0.2);
  assert.equal(of(3, 4.2), 5);
  assert.equal(of(12, 7), 20);
  assert.equal(of(50, 1), 50);
});

test('averages keep one digit while they are small, and hours wrap at midnight', () => {
  assert.deepStrictEqual([0, 0.44, 9.96, 12.4].map(formatLoad), ['0', '0.4', '10', '12']);
  assert.equal(hourWords(23), '23:00 to 00:00');
});
