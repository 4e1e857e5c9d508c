import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axisTop } from './axis-top.ts';

test('an axis of counts ends on a round number that holds the tallest column', () => {
  const tops = [0, 4, 5, 11, 37, 51, 400, 401].map((count) => axisTop([count]));
  assert.deepEqual(tops, [4, 4, 6, 20, 40, 60, 400, 600]);
});
