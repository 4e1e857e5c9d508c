import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import vectors from '#tests/vectors/i-json.json' with { type: 'json' };
import { canonicalJson } from './canonical.ts';
import { parseStrict } from './parse-strict.ts';
import type { JsonValue } from './value.ts';

for (const [name = '', text = '', code = ''] of vectors.refused) {
  test(`a text with ${name} is refused`, () => {
    const read = parseStrict(text);
    assert.equal(read.ok ? 'accepted' : read.error.code, code);
  });
}

test('every text of the accepted list gives what JSON.parse gives, minus zero apart', () => {
  for (const text of vectors.accepted) {
    const read = parseStrict(text);
    assert.equal(read.ok, true, text);
    const expected: unknown = text === '-0' ? 0 : JSON.parse(text);
    if (read.ok) assert.deepStrictEqual(read.value, expected, text);
  }
});

test('raw lone surrogates are refused, in values and in keys', () => {
  for (const text of ['"\ud800"', '"a\udc00"', '{"\ud800":1}']) assert.equal(parseStrict(text).ok, false);
});

test('nesting is accepted to the limit and refused beyond it', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.equal(parseStrict(nested(64)).ok, true);
  assert.equal(parseStrict(nested(65)).ok, false);
  assert.equal(parseStrict(nested(3), { maxDepth: 2 }).ok, false);
  assert.equal(parseStrict(`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`).ok, false);
});

test('nesting of ten thousand and of half a million levels is refused without a crash', () => {
  for (const depth of [10_000, 500_000]) {
    assert.equal(parseStrict('['.repeat(depth) + ']'.repeat(depth)).ok, false);
    assert.equal(parseStrict('['.repeat(depth)).ok, false);
  }
});

test('size counts UTF-8 bytes and is refused beyond the limit with its own code', () => {
  const cases: [string, number][] = [
    ['"aaaa"', 6],
    ['"éé"', 6],
    ['"€"', 5],
    ['"😀"', 6],
  ];
  for (const [text, bytes] of cases) {
    assert.equal(Buffer.byteLength(text), bytes);
    assert.equal(parseStrict(text, { maxBytes: bytes }).ok, true, text);
    const read = parseStrict(text, { maxBytes: bytes - 1 });
    assert.equal(read.ok ? '' : read.error.code, 'args-too-large', text);
  }
});

test('fifty mebibytes are refused by size before anything is parsed', () => {
  const read = parseStrict(`"${'x'.repeat(50 * 1024 * 1024)}"`);
  assert.equal(read.ok ? '' : read.error.code, 'args-too-large');
});

test('a refusal never repeats the text, which may hold a secret', () => {
  for (const [, text = ''] of vectors.refused) {
    const read = parseStrict(`{"hunter2":${text}}`);
    if (!read.ok) assert.equal(read.error.reason.includes('hunter2'), false);
  }
});

test('minus zero becomes zero at any depth, and the rest of the value stays', () => {
  const read = parseStrict('{"a":[-0,{"b":-0.0,"c":"-0","d":null,"e":true}],"f":0}');
  assert.deepStrictEqual(read, { ok: true, value: { a: [0, { b: 0, c: '-0', d: null, e: true }], f: 0 } });
});

test('a duplicate of any member, wherever it is planted, is refused', () => {
  const member = fc.tuple(
    fc.string().filter((k) => k !== '__proto__' && !k.includes('\0')),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(member, { minLength: 1, selector: ([key]) => key }),
      fc.nat(),
      fc.nat(),
      (members, from, to) => {
        const texts = members.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
        const twice = texts.toSpliced(to % (texts.length + 1), 0, texts[from % texts.length] ?? '');
        assert.equal(parseStrict(`[{${twice.join(',')}}]`).ok, false);
      },
    ),
  );
});

test('what is accepted survives the canonical form: same value, same text again', () => {
  const scalars = fc.oneof(
    fc.maxSafeInteger(),
    fc.double({ min: -1e15, max: 1e15, noNaN: true }),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
  );
  const values = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalars,
      fc.array(tie('value')),
      fc.dictionary(fc.string({ unit: 'binary' }), tie('value')),
    ),
  })).value;
  let accepted = 0;
  fc.assert(
    fc.property(values, (value) => {
      const read = parseStrict(JSON.stringify(value));
      if (!read.ok) return;
      accepted++;
      const text = canonicalJson(read.value);
      const again = parseStrict(text);
      assert.deepStrictEqual(again, read);
      if (again.ok) assert.equal(canonicalJson(again.value), text);
    }),
    // What is counted below needs every run, also where time is short.
    { numRuns: 500, interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(accepted > 300, `only ${accepted} samples were accepted`);
});

test('no text makes the parser throw, and whatever it accepts JSON.parse accepts too', () => {
  const fragments = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\\u',
    'd800',
    '0',
    '-',
    'e',
    '1',
    ' ',
    'null',
    '\u0000',
  );
  fc.assert(
    fc.property(
      fc.array(fragments).map((parts) => parts.join('')),
      (text) => {
        if (parseStrict(text).ok) assert.doesNotThrow(() => JSON.parse(text));
      },
    ),
    { numRuns: 2000 },
  );
});
