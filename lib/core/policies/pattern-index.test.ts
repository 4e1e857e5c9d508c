import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PatternIndex } from './pattern-index.ts';

const PATTERNS = ['deploy', 'de*', '*loy', 'delete_*', '*_all', 'd?ploy', 'deploy*all', 'dep*yment'];

test('a name meets the patterns whose plain text it begins or ends with, and no others', () => {
  const index = new PatternIndex<string>();
  for (const pattern of PATTERNS) index.file(pattern, pattern);
  const found = (name: string) => {
    const lists: (readonly string[])[] = [];
    index.collect(name, lists);
    return lists.flat().sort();
  };
  assert.deepStrictEqual(found('deploy'), ['*loy', 'd?ploy', 'de*', 'deploy', 'deploy*all'].sort());
  assert.deepStrictEqual(found('delete_all'), ['*_all', 'de*', 'delete_*'].sort());
  assert.deepStrictEqual(found('de'), ['de*']);
  assert.deepStrictEqual(found('d'), []);
  assert.deepStrictEqual(found(''), []);
  assert.deepStrictEqual(found('x'), []);
  assert.deepStrictEqual(found('employment'), ['dep*yment'], 'the longer end files it');
});

test('what has no plain text at either end cannot be filed', () => {
  assert.deepStrictEqual(['*', '?', '*a*', ''].map(PatternIndex.canFile), [false, false, false, false]);
  assert.deepStrictEqual(['a*', '*a', 'a', '?a'].map(PatternIndex.canFile), [true, true, true, true]);
});
