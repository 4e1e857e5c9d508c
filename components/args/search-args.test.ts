import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { argRows } from '#lib/core/args/view.ts';
import { cutAtHits, searchArgs } from './search-args.ts';

const rows = argRows(
  JSON.stringify({
    Deploy: 'to Production, then production again',
    list: ['x', 'deploy'],
    long: `${'a'.repeat(9_000)}needle${'b'.repeat(9_000)}`,
  }),
);

describe('a search in the arguments', () => {
  it('finds names and values whatever their case, and counts every place', () => {
    assert.deepEqual(searchArgs(rows, 'DEPLOY'), { paths: ['$.Deploy', '$.list[1]'], hits: 2 });
    assert.deepEqual(searchArgs(rows, 'production'), { paths: ['$.Deploy'], hits: 2 });
  });
  it('finds what is folded away', () => assert.deepEqual(searchArgs(rows, 'needle').paths, ['$.long']));
  it('finds nothing for nothing, and nothing where nothing is', () => {
    assert.deepEqual(searchArgs(rows, ''), { paths: [], hits: 0 });
    assert.deepEqual(searchArgs(rows, 'absent'), { paths: [], hits: 0 });
  });
  it('cuts a text at its hits and loses none of it', () => {
    assert.deepEqual(cutAtHits('ab AB c', 'ab'), [
      { text: 'ab', hit: true },
      { text: ' ', hit: false },
      { text: 'AB', hit: true },
      { text: ' c', hit: false },
    ]);
    assert.deepEqual(cutAtHits('İab', 'ab'), [{ text: 'İab', hit: false }]);
    assert.deepEqual(cutAtHits('', 'ab'), [{ text: '', hit: false }]);
  });
});
