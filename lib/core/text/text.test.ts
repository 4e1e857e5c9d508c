import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hiddenName } from './hidden-characters.ts';
import { mixedScript } from './mixed-script.ts';
import { hasHidden, toVisible, toVisibleJson, visibleSegments } from './visible.ts';

const HIDDEN: readonly (readonly [number, string])[] = [
  [0x00, 'NULL'],
  [0x07, 'BELL'],
  [0x0d, 'CARRIAGE RETURN'],
  [0x1b, 'ESCAPE'],
  [0x7f, 'DELETE'],
  [0x85, 'CONTROL'],
  [0x9b, 'CONTROL SEQUENCE INTRODUCER'],
  [0xa0, 'NO-BREAK SPACE'],
  [0xad, 'SOFT HYPHEN'],
  [0x61c, 'ARABIC LETTER MARK'],
  [0x115f, 'HANGUL CHOSEONG FILLER'],
  [0x180e, 'MONGOLIAN VOWEL SEPARATOR'],
  [0x2003, 'SPACE OF ANOTHER WIDTH'],
  [0x200b, 'ZERO WIDTH SPACE'],
  [0x200d, 'ZERO WIDTH JOINER'],
  [0x200e, 'LEFT-TO-RIGHT MARK'],
  [0x200f, 'RIGHT-TO-LEFT MARK'],
  [0x2028, 'LINE SEPARATOR'],
  [0x2029, 'PARAGRAPH SEPARATOR'],
  [0x202a, 'LEFT-TO-RIGHT EMBEDDING'],
  [0x202e, 'RIGHT-TO-LEFT OVERRIDE'],
  [0x2066, 'LEFT-TO-RIGHT ISOLATE'],
  [0x2069, 'POP DIRECTIONAL ISOLATE'],
  [0x3000, 'IDEOGRAPHIC SPACE'],
  [0x3164, 'HANGUL FILLER'],
  [0xe000, 'PRIVATE USE CHARACTER'],
  [0xfdd0, 'NONCHARACTER'],
  [0xfe0f, 'VARIATION SELECTOR'],
  [0xfeff, 'ZERO WIDTH NO-BREAK SPACE'],
  [0xffa0, 'HALFWIDTH HANGUL FILLER'],
  [0xffff, 'NONCHARACTER'],
  [0xd800, 'LONE SURROGATE'],
  [0x1fffe, 'NONCHARACTER'],
  [0xe0041, 'TAG CHARACTER'],
  [0xe0100, 'VARIATION SELECTOR'],
  [0xf0000, 'PRIVATE USE CHARACTER'],
];
for (const [codePoint, name] of HIDDEN) {
  const label = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  test(`${label} is shown as ${name}`, () => {
    const text = `a${String.fromCodePoint(codePoint)}b`;
    assert.deepStrictEqual(visibleSegments(text, { multiline: true }), [
      { kind: 'text', text: 'a' },
      { kind: 'marker', text: `${label} ${name}`, codePoint, name },
      { kind: 'text', text: 'b' },
    ]);
    assert.equal(toVisible(text), `a⟨${label}⟩b`);
    assert.equal(hasHidden(text, { multiline: true }), true);
  });
}

test('every bidi control, tag character and C0 or C1 control is marked (T32, T33, U02)', () => {
  const ranges = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0x202a, 0x202e],
    [0x2066, 0x2069],
    [0xe0000, 0xe007f],
    [0xfe00, 0xfe0f],
    [0xfff9, 0xfffb],
  ] as const;
  for (const [from, to] of ranges) {
    for (let code = from; code <= to; code++)
      assert.equal(hasHidden(String.fromCodePoint(code)), true, code.toString(16));
  }
});

test('every character that Unicode calls default-ignorable, control, format, private or a foreign space is marked', () => {
  const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
  // These format characters have a visible shape of their own: they stand before or over digits and letters.
  const visible = new Set([
    0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd,
  ]);
  const missed: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const character = String.fromCodePoint(code);
    if (invisible.test(character) && !visible.has(code) && !hasHidden(character)) missed.push(code.toString(16));
  }
  assert.deepStrictEqual(missed, []);
});

test('line feeds and tabs stay in multi-line texts and are marked elsewhere; a carriage return is always marked', () => {
  assert.deepStrictEqual(visibleSegments('a\n\tb', { multiline: true }), [{ kind: 'text', text: 'a\n\tb' }]);
  assert.equal(toVisible('a\n\tb'), 'a⟨U+000A⟩⟨U+0009⟩b');
  assert.equal(toVisible('safe\rrm -rf', { multiline: true }), 'safe⟨U+000D⟩rm -rf');
  assert.equal(hasHidden('a\nb', { multiline: true }), false);
  assert.equal(hasHidden('a\nb'), true);
});

test('ordinary text of any script stays as it is', () => {
  for (const text of ['', 'plain', 'naïve café', '日本語', 'Привет', 'שלום', '😀', 'e\u0301', '한국어']) {
    assert.equal(hasHidden(text), false, text);
    assert.equal(toVisible(text), text);
  }
});

test('a terminal sequence cannot be printed (T32)', () => {
  assert.equal(toVisible('\u001b]8;;http://evil\u0007x\u001b[2K'), '⟨U+001B⟩]8;;http://evil⟨U+0007⟩x⟨U+001B⟩[2K');
});

test('hidden characters in a JSON text become its escapes, and a program reads the same', () => {
  const hostile = {
    'k\u200b': ['\u001b]8;;http://evil\u0007x', '\u202e\u2066', '\u{e0041}\u009b\u007f\ufeff', 'naïve 日本 😀'],
  };
  const shown = toVisibleJson(JSON.stringify(hostile, null, 2));
  assert.equal(hasHidden(shown, { multiline: true }), false);
  assert.ok(shown.includes('\\u202e') && shown.includes('\\udb40\\udc41') && shown.includes('naïve 日本 😀'));
  assert.deepStrictEqual(JSON.parse(shown), hostile);
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = toVisibleJson(JSON.stringify(value));
      assert.equal(hasHidden(text), false);
      assert.deepStrictEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the segments of any text give the text back, and what is shown hides nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, multiline) => {
      const segments = visibleSegments(text, { multiline });
      const back = segments.map((s) => (s.kind === 'text' ? s.text : String.fromCodePoint(s.codePoint))).join('');
      assert.equal(back, text);
      assert.equal(hasHidden(toVisible(text, { multiline }), { multiline }), false);
      assert.equal(
        hasHidden(text, { multiline }),
        segments.some((s) => s.kind === 'marker'),
      );
    }),
    { numRuns: 500 },
  );
});

test('what is judged in one go has nothing hidden in it, and its neighbours are judged one by one', () => {
  for (let code = 0; code <= 0x3000; code++) {
    const character = String.fromCodePoint(code);
    const hidden = hiddenName(code) !== null && code !== 0x0a && code !== 0x09;
    assert.equal(hasHidden(`a${character}b`, { multiline: true }), hidden, code.toString(16));
  }
});

const HOSTS: readonly (readonly [string, boolean])[] = [
  ['example.com', false],
  ['sub-1.example.co.uk', false],
  ['127.0.0.1', false],
  ['münchen.de', false],
  ['日本語.jp', false],
  ['日本ひらがなカナ.jp', false],
  ['עברית.com', false],
  ['pаypal.com', true],
  ['аррӏе.com', true],
  ['ехаmple.com', true],
  ['εxample.com', true],
  ['ｅxample.com', true],
  ['xn--pypal-4ve.com', true],
  ['login.XN--80AK6AA92E.com', true],
];
for (const [host, suspicious] of HOSTS) {
  test(`the host ${host} is ${suspicious ? 'warned about' : 'taken as it looks'} (T33)`, () => {
    const verdict = mixedScript(host);
    assert.equal(verdict.suspicious, suspicious);
    assert.equal(verdict.reason !== null, suspicious);
  });
}

test('the scripts of a host are named', () => {
  assert.deepStrictEqual(mixedScript('pаypal.com').scripts, ['Latin', 'Cyrillic']);
  assert.match(mixedScript('pаypal.com').reason ?? '', /Latin and Cyrillic/);
});
