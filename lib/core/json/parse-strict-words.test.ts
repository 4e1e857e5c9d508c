import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStrict } from './parse-strict.ts';

const WORDS: readonly (readonly [text: string, reason: RegExp])[] = [
  ['"\ud800"', /lone surrogate/],
  ['{', /well-formed/],
  ['{"a":1,"a":2}', /same key twice/],
  ['9007199254740992', /beyond .*2\^53/],
  ['-9007199254740992', /beyond .*2\^53/],
  ['['.repeat(65) + ']'.repeat(65), /deeper than 64/],
  ['{"__proto__":1}', /__proto__/],
  ['"\\u0000"', /U\+0000/],
  ['"\\ud800"', /A string contains a lone surrogate/],
  ['{"\\u0000":1}', /U\+0000/],
];
for (const [text, reason] of WORDS) {
  test(`the refusal of ${JSON.stringify(text.slice(0, 20))} says why`, () => {
    const read = parseStrict(text);
    assert.match(read.ok ? '' : read.error.reason, reason);
  });
}

test('the refusal of a text that is too large names the limit', () => {
  const read = parseStrict('"aaaa"', { maxBytes: 5 });
  assert.match(read.ok ? '' : read.error.reason, /larger than 5 bytes/);
});

test('bytes are counted by the width of each character, at its edges', () => {
  for (const character of [
    '\x7e',
    '\x80',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  ]) {
    const text = `"${character.repeat(3)}"`;
    const bytes = Buffer.byteLength(text);
    assert.equal(parseStrict(text, { maxBytes: bytes }).ok, true, text);
    assert.equal(parseStrict(text, { maxBytes: bytes - 1 }).ok, false, text);
  }
});

test('blanks of every kind may stand between a key and its colon', () => {
  for (const blank of [' ', '\n', '\r', '\t', ' \n\r\t ']) {
    assert.equal(parseStrict(`{"a"${blank}:${blank}1,"b"${blank}:"c"}`).ok, true, JSON.stringify(blank));
    assert.equal(parseStrict(`{"a"${blank}:1,"a"${blank}:2}`).ok, false, JSON.stringify(blank));
  }
});

test('a value that looks like a key is not counted as one, nor a key after a string value missed', () => {
  assert.equal(parseStrict('{"a":"b:","c":"\\":","d":["e","f"]}').ok, true);
  assert.equal(parseStrict('{"a":"b","a":"c"}').ok, false);
  assert.equal(parseStrict('{"a":"\\\\","a":1}').ok, false);
});

test('minus zero becomes zero wherever it stands, and nothing else changes', () => {
  const read = parseStrict('{"a":-0,"b":[-0,1,null,"-0"],"c":{"d":-0.0}}');
  assert.deepStrictEqual(read.ok ? read.value : null, { a: 0, b: [0, 1, null, '-0'], c: { d: 0 } });
});
