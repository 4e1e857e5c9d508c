import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffLines } from './diff-lines.ts';

const marked = (before: string, after: string) =>
  diffLines(before.split(''), after.split(''))
    .map(({ kind, text }) => ({ same: '', gone: '-', new: '+' })[kind] + text)
    .join(' ');

test('lines that both have stay, what is gone stands before what came in its place', () => {
  assert.equal(marked('abc', 'axc'), 'a -b +x c');
  assert.equal(marked('', 'ab'), '+a +b');
  assert.equal(marked('ab', ''), '-a -b');
  assert.equal(marked('abc', 'abc'), 'a b c');
  assert.equal(marked('abc', 'bcd'), '-a b c +d');
});
