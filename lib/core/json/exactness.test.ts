// T29: whatever two readers could understand differently is refused, and what is accepted has one canonical text.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '#tests/vectors/rfc8785.json' with { type: 'json' };
import { argsHash } from '../calls/digest.ts';
import { canonicalJson } from './canonical.ts';
import { hasCaseVariantKeys } from './envelope-keys.ts';
import { parseStrict } from './parse-strict.ts';

const codeOf = (text: string) => {
  const read = parseStrict(text);
  return read.ok ? 'accepted' : read.error.code;
};
const canonical = (text: string) => {
  const read = parseStrict(text);
  return read.ok ? canonicalJson(read.value) : read.error.code;
};

for (const [name, text] of [
  ['a key that stands twice', '{"path":"/tmp/a","path":"/etc/passwd"}'],
  ['a key that stands twice, once with an escape', '{"path":1,"p\\u0061th":2}'],
  ['a key that stands twice deep inside', '{"a":[{"b":{"c":1,"c":1}}]}'],
  ['__proto__ as a key', '{"__proto__":{"admin":true}}'],
  ['__proto__ written with an escape', '{"__pro\\u0074o__":{}}'],
  ['2^53 + 1', '{"amount":9007199254740993}'],
  ['-(2^53 + 1)', '{"amount":-9007199254740993}'],
  ['2^53', '9007199254740992'],
  ['1e400', '{"amount":1e400}'],
  ['-1e400', '[-1e400]'],
  ['a lone surrogate in a value', '"\\ud800"'],
  ['a lone surrogate in a key', '{"\\udc00":1}'],
  ['a raw lone surrogate', '"\ud800"'],
  ['surrogates in the wrong order', '"\\udc00\\ud800"'],
  ['a nesting of ten thousand', '['.repeat(10_000) + ']'.repeat(10_000)],
  ['a nesting of ten thousand objects', '{"a":'.repeat(10_000) + 1 + '}'.repeat(10_000)],
  ['a byte order mark', '\ufeff{}'],
  ['text after the value', '{} {}'],
  ['U+0000 in a string', '"a\\u0000b"'],
] as const) {
  test(`T29 ${name} is refused as bad-json`, () => assert.equal(codeOf(text), 'bad-json'));
}

test('T29 fifty mebibytes are refused by their size, also when they are not JSON', () => {
  const size = 50 * 1024 * 1024;
  assert.equal(codeOf(`{"a":"${'x'.repeat(size)}"}`), 'args-too-large');
  assert.equal(codeOf('['.repeat(size)), 'args-too-large');
});

test('T29 the largest numbers that are exact are accepted, and minus zero is zero', () => {
  assert.equal(
    canonical('[9007199254740991,-9007199254740991,-0,-0.0,0e5,1.0,1E2]'),
    '[9007199254740991,-9007199254740991,0,0,0,1,100]',
  );
});

test('T29 NFC and NFD stay two different texts with two different hashes', () => {
  const [composed, decomposed] = [canonical('"\u00e9"'), canonical('"e\u0301"')];
  assert.deepStrictEqual([composed, decomposed], ['"\u00e9"', '"e\u0301"']);
  assert.notEqual(argsHash(composed), argsHash(decomposed));
  // Both as keys of one object are two keys.
  assert.equal(codeOf('{"\u00e9":1,"e\u0301":2}'), 'accepted');
});

test('T29 a key of the envelope in other letters is seen beside or instead of the exact one', () => {
  const keys = ['server', 'tool', 'arguments'];
  for (const variant of ['Tool', 'TOOL', 'tooL', '\uff54ool']) {
    assert.equal(hasCaseVariantKeys({ tool: 1, [variant]: 2 }, keys), true, variant);
    assert.equal(hasCaseVariantKeys({ [variant]: 2 }, keys), true, variant);
  }
  assert.equal(hasCaseVariantKeys({ tool: 1, arguments: { Tool: 2 } }, keys), false);
});

test('T29 the vectors of RFC 8785 come out byte for byte', () => {
  for (const { rule, input, output } of vectors.texts) {
    assert.equal(Buffer.from(canonical(input)).equals(Buffer.from(output)), true, rule);
  }
  assert.ok(vectors.texts.length > 0 && vectors.numbers.length > 0);
});

test('T29 any JSON value has one text, whatever the order of its members, and it is the one JSON itself would write', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, member]) => [key, shuffled(member)]),
    );
  };
  const sorted = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== 'object' || value === null) return value;
    return new Map(
      Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => [key, sorted(member)]),
    );
  };
  const written = (value: unknown): string => {
    if (value instanceof Map) {
      return `{${[...value].map(([key, member]) => `${JSON.stringify(key)}:${written(member)}`).join(',')}}`;
    }
    if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
    return JSON.stringify(value) ?? 'null';
  };
  let accepted = 0;
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      const read = parseStrict(text);
      if (!read.ok) return;
      accepted++;
      const once = canonicalJson(read.value);
      assert.equal(once, written(sorted(JSON.parse(text))));
      assert.equal(canonical(JSON.stringify(shuffled(value))), once);
      assert.equal(canonical(once), once);
    }),
    // What is counted below needs every run, also where time is short.
    { numRuns: 1500, interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(accepted > 500, `only ${accepted} were accepted`);
});
