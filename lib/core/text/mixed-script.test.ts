import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mixedScript } from './mixed-script.ts';

const SCRIPTS: readonly (readonly [string, string, string | null])[] = [
  ['a', 'Latin', null],
  ['я', 'Cyrillic', 'Cyrillic'],
  ['λ', 'Greek', 'Greek'],
  ['ա', 'Armenian', 'Armenian'],
  ['ქ', 'Georgian', null],
  ['א', 'Hebrew', null],
  ['ع', 'Arabic', null],
  ['अ', 'Devanagari', null],
  ['ก', 'Thai', null],
  ['Ꭰ', 'Cherokee', 'Cherokee'],
  ['日', 'Han', null],
  ['ひ', 'Hiragana', null],
  ['カ', 'Katakana', null],
  ['한', 'Hangul', null],
];
for (const [letter, script, lookalike] of SCRIPTS) {
  test(`a host in ${script} is ${lookalike === null ? 'taken as it looks' : 'warned about by the name of its letters'}`, () => {
    const verdict = mixedScript(`${letter}${letter}.com`);
    assert.ok(verdict.scripts.includes(script));
    if (lookalike === null) assert.equal(verdict.reason, null);
    else assert.match(verdict.reason ?? '', new RegExp(`in ${lookalike} letters that can look Latin`));
  });
}

test('the four scripts of East Asia may stand in one label, beside Latin too', () => {
  for (const label of ['日ひ', '日カ', '日한', 'ひカ한', 'a日ひカ한']) {
    assert.equal(mixedScript(`${label}.com`).suspicious, false, label);
  }
});

test('each reason says what is wrong', () => {
  assert.match(mixedScript('xn--a.com').reason ?? '', /punycode/);
  assert.match(mixedScript('ａ.com').reason ?? '', /compatibility forms/);
  assert.match(mixedScript('aя.com').reason ?? '', /mixes Latin and Cyrillic/);
  assert.match(mixedScript('ok.aא.com').reason ?? '', /mixes Latin and Hebrew/);
});
