import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../json/canonical.ts';
import { parseStrict } from '../json/parse-strict.ts';
import { argRows } from './view.ts';

/** Not a measure of speed: what stalls takes minutes or never ends, on any machine. */
const STALLED_MS = 30_000;

test('arguments become rows by path, depth first, in the order of the hashed bytes', () => {
  const rows = argRows('{"10":null,"9":true,"b":{"c":[1,"x"]},"o k":-1.5}');
  assert.deepStrictEqual(
    rows.map(({ path, key, depth, kind, preview, members, bytes }) => [
      path,
      key,
      depth,
      kind,
      preview,
      members,
      bytes,
    ]),
    [
      ['$["10"]', '10', 0, 'null', 'null', 0, 4],
      ['$["9"]', '9', 0, 'boolean', 'true', 0, 4],
      ['$.b', 'b', 0, 'object', '', 1, 13],
      ['$.b.c', 'c', 1, 'array', '', 2, 7],
      ['$.b.c[0]', '0', 2, 'number', '1', 0, 1],
      ['$.b.c[1]', '1', 2, 'string', 'x', 0, 1],
      ['$["o k"]', 'o k', 0, 'number', '-1.5', 0, 4],
    ],
  );
  assert.deepStrictEqual(argRows('{}'), []);
});

test('arguments that are no object give one row', () => {
  assert.deepStrictEqual(
    argRows('"x"').map(({ path, kind, preview }) => [path, kind, preview]),
    [['$', 'string', 'x']],
  );
  assert.equal(argRows('[1,2]').length, 3);
});

test('a long text says how many bytes are folded and shows its end', () => {
  const padded = `${'\n'.repeat(10_000)}rm -rf /`;
  const [row] = argRows(canonicalJson({ command: padded }));
  assert.ok(row);
  assert.equal(row.bytes, 10_008);
  assert.equal(row.tail.endsWith('rm -rf /'), true);
  assert.equal(row.foldedBytes, 10_008 - 400 - 120);
});

test('a text at the limit is whole, one beyond is folded', () => {
  const at = (length: number) => argRows(canonicalJson({ t: 'x'.repeat(length) }), { headUnits: 5, tailUnits: 2 })[0];
  assert.equal(at(7)?.foldedBytes, 0);
  assert.equal(at(7)?.preview, 'xxxxxxx');
  assert.equal(at(8)?.foldedBytes, 1);
});

test('preview, folded bytes and tail make up the whole, and no character is split', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 20, maxLength: 60 }), (text) => {
      fc.pre(!text.includes('\0'));
      const [row] = argRows(canonicalJson({ t: text }), { headUnits: 7, tailUnits: 4 });
      assert.ok(row);
      assert.equal(Buffer.byteLength(row.preview) + row.foldedBytes + Buffer.byteLength(row.tail), row.bytes);
      assert.equal(text.startsWith(row.preview) && text.endsWith(row.tail), true);
      assert.equal(row.preview.isWellFormed() && row.tail.isWellFormed(), true);
    }),
  );
});

test('hidden characters are reported in values and in keys, also in the folded part', () => {
  const hidden = (value: Record<string, string>) => argRows(canonicalJson(value))[0]?.hidden;
  assert.equal(hidden({ a: 'x\u202ey' }), true);
  assert.equal(hidden({ 'a\u200b': 'x' }), true);
  assert.equal(hidden({ 'a\n': 'x' }), true);
  assert.equal(hidden({ a: `${'x'.repeat(1000)}\u{e0041}${'x'.repeat(1000)}` }), true);
  assert.equal(hidden({ a: 'two\nlines\t' }), false);
  assert.equal(argRows('{"a\u200b":{}}')[0]?.hidden, true);
});

test('a text that is not JSON is shown as it is, marked unreadable', () => {
  const [row] = argRows('{"a":1,"a":2}');
  assert.deepStrictEqual([row?.kind, row?.preview, row?.path], ['unreadable', '{"a":1,"a":2}', '$']);
});

test('every scalar and container of any value has its row', () => {
  const count = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce((n: number, v) => n + 1 + count(v), 0)
      : 0;
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const read = parseStrict(JSON.stringify(value));
      if (read.ok) assert.equal(argRows(canonicalJson(read.value)).length, count(read.value));
    }),
  );
});

test('five thousand keys and a mebibyte of text are laid out at once', () => {
  const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]));
  const started = performance.now();
  assert.equal(argRows(canonicalJson({ keys, text: 'x'.repeat(1 << 20) })).length, 5002);
  assert.ok(performance.now() - started < STALLED_MS);
});
