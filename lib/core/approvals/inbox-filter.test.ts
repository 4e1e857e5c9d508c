import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FilteredRow, filterWords, matchesWords } from './inbox-filter.ts';

const ROW: FilteredRow = {
  server: 'GitHub',
  tool: 'Merge',
  agent: 'release-bot',
  onBehalfOf: 'Ana',
  tier: 'high',
  actionClass: 'deploy',
  rule: 'two-people',
  argsPreview: '{"q":"a.*b:C"}',
  status: 'pending',
  claimedBy: 'Ben',
};
const found = (filter: string, row: Partial<FilteredRow> = {}) => matchesWords({ ...ROW, ...row }, filterWords(filter));

test('a filter is its words, in lower case, narrowed where a part of a request stands before the colon', () => {
  assert.deepStrictEqual(filterWords('  Tier:HIGH agent:a:b\tx:y :z tool: '), [
    { part: 'tier', text: 'high' },
    { part: 'agent', text: 'a:b' },
    { part: null, text: 'x:y' },
    { part: null, text: ':z' },
    { part: 'tool', text: '' },
  ]);
  assert.deepStrictEqual(filterWords(' \n '), []);
  assert.deepStrictEqual(filterWords('constructor:x __proto__:y'), [
    { part: null, text: 'constructor:x' },
    { part: null, text: '__proto__:y' },
  ]);
});

test('every word must occur, wherever, and no words match all', () => {
  for (const word of ['github', 'merge', 'release', 'ana', 'high', 'deploy', 'two-', 'a.*b:c', 'pending']) {
    assert.equal(found(word), true, word);
  }
  assert.equal(found('Merge GITHUB'), true);
  assert.equal(found('merge nowhere'), false);
  assert.equal(found('ben'), false, 'who holds it is asked for by name of the part');
  assert.equal(found(''), true);
  assert.equal(found('a.b'), false, 'never a pattern');
  assert.equal(found('mergerelease'), false, 'no word is made of the ends of two parts');
});

test('a narrowed word looks at its part only', () => {
  for (const [part, inside] of [
    ['tier', 'hig'],
    ['agent', 'RELEASE'],
    ['server', 'hub'],
    ['tool', 'erg'],
    ['class', 'dep'],
    ['rule', 'people'],
    ['for', 'an'],
    ['by', 'be'],
  ] as const) {
    assert.equal(found(`${part}:${inside}`), true, part);
    assert.equal(found(`${part}:${inside}!`), false, part);
  }
  assert.equal(found('tool:github'), false);
  assert.equal(found('for:a', { onBehalfOf: null }), false);
  assert.equal(found('by:b', { claimedBy: null }), false);
  assert.equal(found('null', { onBehalfOf: null }), false);
});
