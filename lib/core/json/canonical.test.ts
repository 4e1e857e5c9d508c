import assert from 'node:assert/strict';
import { test } from 'node:test';
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
