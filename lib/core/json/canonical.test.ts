import assert from 'node:assert/strict';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import vectors from '#tests/vectors/rfc8785.json' with { type: 'json' };
import { canonicalJson } from './canonical.ts';
import { parseStrict } from './parse-strict.ts';

function doubleOf(bits: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${bits}`));
  return view.getFloat64(0);
}

test('numbers are written as RFC 8785 section 3.2.2.3 says', () => {
  for (const [bits = '', expected] of vectors.numbers) assert.equal(canonicalJson(doubleOf(bits)), expected, bits);
});

test('NaN and the infinities have no canonical form', () => {
  for (const bits of vectors.impossibleNumbers) assert.throws(() => canonicalJson(doubleOf(bits)));
});

for (const { rule, input, output } of vectors.texts) {
  test(`canonical text, ${rule}`, () => {
    const read = parseStrict(input);
    assert.equal(read.ok && canonicalJson(read.value), output);
  });
}

test('a lone surrogate has no canonical form', () => {
  assert.throws(() => canonicalJson('\ud800'));
  assert.throws(() => canonicalJson({ '\udc00': 1 }));
});

test('what JSON cannot say at all is a bug of the caller', () => {
  const nothing: { readonly at?: never } = {};
  // @ts-expect-error the type forbids it; the check stands for callers that got around the type
  assert.throws(() => canonicalJson(nothing.at), TypeError);
});

/** Keys that JavaScript moves to the front, keys beyond the BMP, a key that JSON.stringify would call. */
const keys = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('9', '10', '1e3', '01', '', 'toJSON', 'a', 'A', '\u{1f600}', '\ufb33', '\r', 'b'),
);
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false, 0, -0, 1e21, 1e-7, 5e-324),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 6, noNullPrototype: true }),
  ),
})).value;

test('the text is the same whether the members stood in order or not', () => {
  fc.assert(
    fc.property(anyValue, (made) => {
      const read = parseStrict(JSON.stringify(made));
      if (!read.ok) return;
      const text = canonicalJson(read.value);
      assert.equal(text, canonicalize(read.value));
      const again = parseStrict(text);
      assert.equal(again.ok && canonicalJson(again.value), text);
    }),
    { numRuns: 3_000 },
  );
});
