import assert from 'node:assert/strict';
import { test } from 'node:test';
import { either, inTime, people, together } from './words.ts';

test('lists are read out with a comma between and a word before the last', () => {
  assert.deepStrictEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(either), ['', 'a', 'a or b', 'a, b or c']);
  assert.deepStrictEqual([['a'], ['a', 'b'], ['a', 'b', 'c']].map(together), ['a', 'a and b', 'a, b and c']);
});

test('spans are told in the largest unit that says them without a rest, else in minutes', () => {
  const told = [
    [0, '0 seconds'],
    [1, '1 second'],
    [59, '59 seconds'],
    [60, '1 minute'],
    [61, '1 minute'],
    [90, '1.5 minutes'],
    [900, '15 minutes'],
    [3600, '1 hour'],
    [5400, '90 minutes'],
    [7200, '2 hours'],
    [86_400, '1 day'],
    [90_000, '25 hours'],
    [172_800, '2 days'],
  ] as const;
  assert.deepStrictEqual(
    told.map(([seconds]) => inTime(seconds)),
    told.map(([, words]) => words),
  );
});

test('people are counted in words up to one', () => {
  assert.deepStrictEqual([1, 2, 0].map(people), ['one person', '2 people', '0 people']);
});
