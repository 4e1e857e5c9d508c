import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hiddenName } from './hidden-characters.ts';

// Names as the Unicode Character Database gives them; what has none there gets our words.
const NAMES: readonly (readonly [number, string])[] = [
  [0x09, 'CHARACTER TABULATION'],
  [0x1f, 'UNIT SEPARATOR'],
  [0x9d, 'OPERATING SYSTEM COMMAND'],
  [0x34f, 'COMBINING GRAPHEME JOINER'],
  [0x1160, 'HANGUL JUNGSEONG FILLER'],
  [0x1680, 'OGHAM SPACE MARK'],
  [0x17b4, 'KHMER VOWEL INHERENT AQ'],
  [0x17b5, 'KHMER VOWEL INHERENT AA'],
  [0x200c, 'ZERO WIDTH NON-JOINER'],
  [0x202b, 'RIGHT-TO-LEFT EMBEDDING'],
  [0x202c, 'POP DIRECTIONAL FORMATTING'],
  [0x202d, 'LEFT-TO-RIGHT OVERRIDE'],
  [0x202f, 'NARROW NO-BREAK SPACE'],
  [0x205f, 'MEDIUM MATHEMATICAL SPACE'],
  [0x2060, 'WORD JOINER'],
  [0x2061, 'FUNCTION APPLICATION'],
  [0x2062, 'INVISIBLE TIMES'],
  [0x2063, 'INVISIBLE SEPARATOR'],
  [0x2064, 'INVISIBLE PLUS'],
  [0x2067, 'RIGHT-TO-LEFT ISOLATE'],
  [0x2068, 'FIRST STRONG ISOLATE'],
  [0x2800, 'BRAILLE PATTERN BLANK'],
  [0xfffc, 'OBJECT REPLACEMENT CHARACTER'],
  [0x180b, 'MONGOLIAN VARIATION SELECTOR'],
  [0x2065, 'INVISIBLE FORMAT CHARACTER'],
  [0x206a, 'DEPRECATED FORMAT CHARACTER'],
  [0xfff9, 'INVISIBLE FORMAT CHARACTER'],
  [0x13430, 'HIEROGLYPH FORMAT CHARACTER'],
  [0x1bca3, 'SHORTHAND FORMAT CHARACTER'],
  [0x1d173, 'MUSICAL FORMAT CHARACTER'],
  [0xe0080, 'INVISIBLE FORMAT CHARACTER'],
  [0xe0fff, 'INVISIBLE FORMAT CHARACTER'],
];
for (const [codePoint, name] of NAMES) {
  test(`U+${codePoint.toString(16).toUpperCase()} is called ${name}`, () => {
    assert.equal(hiddenName(codePoint), name);
  });
}

test('what can be seen has no name here, up to the edges', () => {
  for (const codePoint of [0x20, 0x7e, 0xa1, 0x180a, 0x1fff, 0xfefe, 0x1fffd]) {
    assert.equal(hiddenName(codePoint), null, codePoint.toString(16));
  }
});
