import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compileGlob, exampleOf, globsApart, globWithin, isLiteral, literalEnds, matchesGlob } from './glob.ts';

const pieces = fc.array(fc.constantFrom('a', 'b', '*', '?', 'ab'), { maxLength: 5 }).map((parts) => parts.join(''));
const texts = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 }).map((parts) => parts.join(''));
/** The same by a regular expression, which is safe for the short ones made here. */
const slowly = (pattern: string, text: string) =>
  new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text);

test('a pattern matches the texts that its regular expression matches, compiled or not', () => {
  fc.assert(
    fc.property(pieces, texts, (pattern, text) => {
      assert.equal(matchesGlob(pattern, text), slowly(pattern, text));
      assert.equal(compileGlob(pattern)(text), slowly(pattern, text), pattern);
    }),
    { numRuns: 3000 },
  );
});

test('each plain form of a pattern is told from its neighbours', () => {
  for (const [pattern, yes, no] of [
    ['', [''], ['a']],
    ['abc', ['abc'], ['ab', 'abcd', 'xabc', '']],
    ['ab*', ['ab', 'abc'], ['a', 'xab']],
    ['*ab', ['ab', 'xab'], ['b', 'abx']],
    ['*ab*', ['ab', 'xaby'], ['a', 'axb']],
    ['a*a', ['aa', 'aba'], ['a', 'ab', 'ba']],
    ['*', ['', 'abc'], []],
    ['**', ['', 'abc'], []],
    ['a*b*', ['ab', 'axbx'], ['a', 'ba']],
    ['*a*b', ['ab', 'xaxb'], ['ba', 'a']],
    ['*a*b*', ['ab', 'xaxbx'], ['ba']],
    ['a**b', ['ab', 'axb'], ['a', 'abx']],
    ['a?', ['ab', 'a?'], ['a', 'abc']],
    ['?*', ['a', 'abc'], ['']],
    ['A', ['A'], ['a']],
    ['a.c', ['a.c'], ['abc']],
  ] as const) {
    for (const text of yes) assert.ok(compileGlob(pattern)(text) && matchesGlob(pattern, text), `${pattern} ${text}`);
    for (const text of no) assert.ok(!compileGlob(pattern)(text) && !matchesGlob(pattern, text), `${pattern} ${text}`);
  }
});

test('one pattern lies within another only if all of its texts do, and two are apart only if no text is in both', () => {
  let within = 0;
  let apart = 0;
  fc.assert(
    fc.property(pieces, pieces, texts, (a, b, text) => {
      if (globWithin(a, b)) {
        within++;
        assert.ok(!slowly(a, text) || slowly(b, text), `${a} in ${b}: ${text}`);
      }
      if (globsApart(a, b)) {
        apart++;
        assert.ok(!(slowly(a, text) && slowly(b, text)), `${a} and ${b}: ${text}`);
      }
    }),
    { numRuns: 3000, interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(within > 100 && apart > 100, `${within} ${apart}`);
});

test('what can be told of two patterns is told', () => {
  for (const [inner, outer] of [
    ['a', 'a'],
    ['a', '*'],
    ['ab*', 'a*'],
    ['a?c', 'a*'],
    ['a?', '??'],
    ['*', '*'],
    ['*a*', '**'],
    ['xaay', 'x*ay'],
    ['abc', 'a*c*'],
    ['', '*'],
  ] as const) {
    assert.ok(globWithin(inner, outer), `${inner} in ${outer}`);
  }
  for (const [inner, outer] of [
    ['*', 'a*'],
    ['*', '?'],
    ['a*', 'ab*'],
    ['?', 'a'],
    ['a', 'b'],
    ['ab', 'a'],
    ['a', 'ab'],
    ['*', ''],
  ] as const) {
    assert.ok(!globWithin(inner, outer), `${inner} in ${outer}`);
  }
  for (const [a, b] of [
    ['a', 'b'],
    ['a*', 'b*'],
    ['*a', '*b'],
    ['abc', 'a*d'],
    ['a*d', 'abc'],
    ['ab*', 'ac*'],
    ['*xb', '*yb'],
  ] as const) {
    assert.ok(globsApart(a, b), `${a} ${b}`);
  }
  for (const [a, b] of [
    ['a', 'a'],
    ['a*', 'ab*'],
    ['*b', '*ab'],
    ['*', 'x'],
    ['x', '*'],
    ['a*', '*b'],
    ['a?', 'ab'],
    ['ab', 'a?'],
  ] as const) {
    assert.ok(!globsApart(a, b), `${a} ${b}`);
  }
});

test('the plain ends, a plain text and an example of a pattern', () => {
  for (const [pattern, head, tail, example] of [
    ['abc', 'abc', 'abc', 'abc'],
    ['ab*', 'ab', '', 'ab'],
    ['*ab', '', 'ab', 'ab'],
    ['a*b?c', 'a', 'c', 'abxc'],
    ['a?b*c', 'a', 'c', 'axbc'],
    ['*', '', '', 'any'],
    ['', '', '', 'any'],
  ] as const) {
    // Asked twice: the second answer is the one that was kept.
    assert.deepStrictEqual(
      [literalEnds(pattern), literalEnds(pattern)],
      [
        { head, tail },
        { head, tail },
      ],
    );
    assert.equal(exampleOf(pattern), example);
    assert.equal(isLiteral(pattern), !/[*?]/.test(pattern));
  }
});
