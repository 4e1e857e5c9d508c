import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findItems, type PaletteGroup, type PaletteItem } from './palette-items.ts';

function item(id: string, group: PaletteGroup, text: string, note = ''): PaletteItem {
  return { id, group, text, note, tier: null, does: { kind: 'go', href: `/${id}` } };
}
const ITEMS = [
  item('page:/', 'Pages', 'Overview'),
  item('page:/audit', 'Pages', 'Audit'),
  item('server:1', 'Servers', 'files', 'high'),
  item('server:2', 'Servers', 'my-files', 'low'),
  item('agent:1', 'Agents', '(.*)+$ "><img src=x>', 'owned by Ana'),
  ...Array.from({ length: 30 }, (_, n) => item(`request:${n}`, 'Waiting requests', `files · write ${n}`)),
];
const ids = (query: string, recent: readonly string[] = []) =>
  findItems(ITEMS, query, recent).map(({ group, items, more }) => [group, items.map(({ id }) => id).slice(0, 3), more]);

describe('the palette', () => {
  it('finds what has every word, what begins with it first, and says how much more there is', () => {
    assert.deepEqual(ids('files'), [
      ['Waiting requests', ['request:0', 'request:1', 'request:2'], 23],
      ['Servers', ['server:1', 'server:2'], 0],
    ]);
    assert.deepEqual(ids('low FILES'), [['Servers', ['server:2'], 0]]);
  });
  it('takes hostile names and queries as texts', () => {
    assert.deepEqual(ids('(.*)+$'), [['Agents', ['agent:1'], 0]]);
    assert.deepEqual(ids('<img'), [['Agents', ['agent:1'], 0]]);
    assert.deepEqual(ids('.*'), [['Agents', ['agent:1'], 0]]);
  });
  it('begins with what was opened lately, and shows it once', () => {
    assert.deepEqual(ids('', ['server:2', 'page:/', 'gone:1']), [
      ['Recent', ['server:2', 'page:/'], 0],
      ['Waiting requests', ['request:0', 'request:1', 'request:2'], 23],
      ['Pages', ['page:/audit'], 0],
    ]);
  });
});
