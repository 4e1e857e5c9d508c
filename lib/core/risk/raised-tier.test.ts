import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalJson } from '../json/canonical.ts';
import { raisedTier } from './raised-tier.ts';
import type { Tier } from './types.ts';

const judged = (tier: Tier, text: string) => raisedTier(tier, canonicalJson({ note: text }));
const EDGES = [
  0x115f, 0x1160, 0x200b, 0x202a, 0x202e, 0x2060, 0x2066, 0x2069, 0x3164, 0xfeff, 0xffa0, 0xe0000, 0xe0041, 0xe007f,
];
const BESIDE = [
  0x09, 0x0a, 0x1b, 0x41, 0xe9, 0x115e, 0x1161, 0x200a, 0x200c, 0x200d, 0x200e, 0x2029, 0x202f, 0x205f, 0x2061, 0x2065,
  0x206a, 0x3163, 0x3165, 0xfefe, 0xff9f, 0xffa1, 0x1f600, 0xdffff, 0xe0080,
];

test('text that misleads the eye raises the tier by one step, and no further than high', () => {
  for (const code of EDGES) {
    const text = `in${String.fromCodePoint(code)}voice`;
    assert.deepEqual([judged('low', text), judged('medium', text), judged('high', text)], ['medium', 'high', 'high']);
  }
});

test('what languages, emoji and line breaks need raises nothing', () => {
  for (const code of BESIDE) {
    assert.equal(judged('low', `in${String.fromCodePoint(code)}voice`), 'low', code.toString(16));
  }
});

test('a misleading key counts like a misleading value', () => {
  assert.equal(raisedTier('low', canonicalJson({ 'pa\u202Eth': 1 })), 'medium');
  assert.equal(raisedTier('low', canonicalJson({})), 'low');
});
