import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareOf } from '#lib/core/statistics/interval.ts';
import { dwellWords, shareWords, worthWords } from './share-words.ts';

test('a share of few cases says how many there are and how far it may be off', () => {
  assert.equal(shareWords(shareOf(3, 4)), '75 %');
  assert.equal(worthWords(shareOf(3, 4)), '3 of 4; with so few, 30 to 95 %');
  assert.equal(worthWords(shareOf(90, 100)), '90 of 100');
});

test('no case is no share, and not zero', () => {
  assert.equal(shareWords(shareOf(0, 0)), '\u2013');
  assert.equal(worthWords(shareOf(0, 0)), 'none yet');
});

test('a short look is told to the tenth of a second', () => {
  assert.deepEqual(
    [dwellWords(null), dwellWords(2.94), dwellWords(10), dwellWords(95)],
    ['\u2013', '2.9 s', '10 s', '1 min'],
  );
});
