import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HoldTerms } from '../policies/rule.ts';
import {
  explicitFactors,
  isReachable,
  MAX_FACTORS,
  mergedEscalation,
  mergedFactors,
  satisfiesTerms,
  stricterTerms,
  totalOf,
  UNREACHABLE_QUORUM,
} from './terms.ts';

const TERMS: HoldTerms = {
  quorum: 1,
  factors: [],
  stepUp: 'none',
  pendingTtlS: 900,
  approvedTtlS: 300,
  voteTtlS: 900,
  undoS: 0,
  escalation: [],
};
const terms = (more: Partial<HoldTerms>): HoldTerms => ({ ...TERMS, ...more });
const of = (groups: readonly string[], count = 1) => ({ groups, count });
const bar = (quorum: number, ...factors: readonly ReturnType<typeof of>[]) => ({
  quorum,
  factors,
  stepUp: 'none' as const,
});

test('T10 the stricter of two terms takes each part from the side that asks for more', () => {
  const a = terms({ quorum: 3, stepUp: 'passkey', pendingTtlS: 60, voteTtlS: 900, undoS: 3 });
  const b = terms({ quorum: 2, approvedTtlS: 30, voteTtlS: 60, undoS: 30 });
  const both = { quorum: 3, stepUp: 'passkey', pendingTtlS: 60, approvedTtlS: 30, voteTtlS: 60, undoS: 30 };
  assert.deepStrictEqual(stricterTerms(a, b), { ...both, factors: [], escalation: [] });
  assert.deepStrictEqual(stricterTerms(b, a), { ...both, factors: [], escalation: [] });
});

test('two holds whose groups together are more than can be counted are met by nobody, and eight are met', () => {
  const groups = (from: number, n: number) => Array.from({ length: n }, (_, at) => of([`g${from + at}`]));
  assert.equal(MAX_FACTORS, 8);
  assert.equal(stricterTerms(terms({ factors: groups(0, 4) }), terms({ factors: groups(4, 4) })).quorum, 4);
  const nine = stricterTerms(terms({ factors: groups(0, 4) }), terms({ factors: groups(4, 5) }));
  assert.equal(nine.quorum, UNREACHABLE_QUORUM);
  assert.equal(isReachable(nine), false);
});

test('the number nobody reaches fits a signed 32-bit column', () => {
  assert.equal(UNREACHABLE_QUORUM, 2147483647);
});

test('a quorum above its places is written out as places for members of any group', () => {
  assert.deepStrictEqual(explicitFactors(bar(3, of(['b']), of(['a']))), {
    quorum: 3,
    factors: [of(['b']), of(['a']), of(['a', 'b'])],
  });
  assert.deepStrictEqual(explicitFactors(bar(3, of(['b', 'a', 'b']))), { quorum: 3, factors: [of(['a', 'b'], 3)] });
  assert.deepStrictEqual(explicitFactors(bar(1, of(['a'], 2))), { quorum: 2, factors: [of(['a'], 2)] });
  assert.deepStrictEqual(explicitFactors(bar(2)), { quorum: 2, factors: [] });
  // A quorum that nobody reaches needs no places written out, and stays what it is.
  const never = explicitFactors(bar(UNREACHABLE_QUORUM, of(['a'])));
  assert.deepStrictEqual(never, { quorum: UNREACHABLE_QUORUM, factors: [of(['a'])] });
});

test('factors of two bars over the same groups become the larger of them, in a fixed order', () => {
  assert.deepStrictEqual(mergedFactors([of(['b', 'a'], 1), of(['a', 'b', 'a'], 2), of(['a', 'b'], 1)]), [
    of(['a', 'b'], 2),
  ]);
  const one = mergedFactors([of(['c']), of(['a']), of(['b'])]);
  assert.deepStrictEqual(one, [of(['a']), of(['b']), of(['c'])]);
  assert.deepStrictEqual(mergedFactors([of(['b']), of(['c']), of(['a'])]), one);
  // A count that is no number must go on being one that nothing fills.
  assert.ok(Number.isNaN(mergedFactors([of(['a'], 1), of(['a'], Number.NaN)])[0]?.count));
});

test('a bar satisfies another only where all of its places lie inside the other’s groups', () => {
  assert.equal(satisfiesTerms(bar(2), bar(2)), true);
  assert.equal(satisfiesTerms(bar(1), bar(2)), false);
  assert.equal(satisfiesTerms(bar(1, of(['a'], 2)), bar(2)), true);
  assert.equal(satisfiesTerms(bar(5), bar(1, of(['a']))), false);
  assert.equal(satisfiesTerms(bar(1, of(['a'])), bar(1, of(['a', 'b']))), true);
  assert.equal(satisfiesTerms(bar(1, of(['a', 'b'])), bar(1, of(['a']))), false);
  // The quorum of a bar counts only if every one of its factors lies inside.
  assert.equal(satisfiesTerms(bar(2, of(['a'])), bar(2, of(['a']))), true);
  assert.equal(satisfiesTerms(bar(3, of(['a']), of(['z'])), bar(2, of(['a']))), false);
  // Each of two wanted factors needs a person of its own.
  assert.equal(satisfiesTerms(bar(1, of(['a']), of(['b'])), bar(1, of(['a']), of(['b']))), true);
  assert.equal(satisfiesTerms(bar(1, of(['a'], 2)), bar(1, of(['a']), of(['b']))), false);
  assert.equal(satisfiesTerms(bar(1, of(['a'], 2)), bar(1, of(['a']), of(['a', 'b']))), true);
});

test('a bar without a passkey never satisfies one that asks for it, and nothing satisfies what nobody can meet', () => {
  const key = { ...bar(1), stepUp: 'passkey' as const };
  assert.equal(satisfiesTerms(bar(9), key), false);
  assert.equal(satisfiesTerms(key, key), true);
  assert.equal(satisfiesTerms(key, bar(1)), true);
  const never = bar(UNREACHABLE_QUORUM);
  assert.equal(satisfiesTerms(never, never), false);
  assert.equal(satisfiesTerms(bar(1, of(['a'])), bar(1, of([]))), false);
});

test('a bar can be met when all of it can be counted and every factor has groups', () => {
  assert.equal(isReachable(bar(1)), true);
  assert.equal(isReachable(bar(UNREACHABLE_QUORUM - 1)), true);
  assert.equal(isReachable(bar(UNREACHABLE_QUORUM)), false);
  for (const quorum of [0, -1, 1.5, Number.NaN]) assert.equal(isReachable(bar(quorum)), false);
  assert.equal(isReachable(bar(1, of(['a']), of([]))), false);
  assert.equal(isReachable(bar(1, of(['a'], 0))), false);
  const many = (n: number) => Array.from({ length: n }, (_, at) => of([`g${at}`]));
  assert.equal(isReachable(bar(1, ...many(8))), true);
  assert.equal(isReachable(bar(1, ...many(9))), false);
});

test('a bar asks for its quorum or for all of its places, whichever is more', () => {
  assert.equal(totalOf(bar(2, of(['a'], 2), of(['b']))), 3);
  assert.equal(totalOf(bar(4, of(['a'], 2), of(['b']))), 4);
});

const step = (afterS: number, ...groups: readonly string[]) => ({ afterS, groups });

test('where no bar has factors, each group is asked at the earliest of its times', () => {
  const bars = [
    terms({ escalation: [step(90, 'b', 'a'), step(60, 'c')] }),
    terms({ escalation: [step(30, 'b'), step(60, 'a')] }),
  ];
  assert.deepStrictEqual(mergedEscalation(bars), [step(30, 'b'), step(60, 'a', 'c')]);
  assert.deepStrictEqual(mergedEscalation([]), []);
});

test('where bars have factors, a group is asked when all of them ask it, at the latest of their times', () => {
  const strict = (...escalation: readonly ReturnType<typeof step>[]) => terms({ factors: [of(['x'])], escalation });
  const free = terms({ escalation: [step(1, 'a', 'd')] });
  assert.deepStrictEqual(mergedEscalation([strict(step(30, 'a', 'b')), strict(step(60, 'a'), step(90, 'c'))]), [
    step(60, 'a'),
  ]);
  assert.deepStrictEqual(mergedEscalation([strict(step(60, 'a')), strict(step(30, 'a'))]), [step(60, 'a')]);
  assert.deepStrictEqual(mergedEscalation([free, strict(step(30, 'a')), free]), [step(30, 'a')]);
  assert.deepStrictEqual(mergedEscalation([strict(step(30, 'a')), strict()]), []);
  // The first of two times of one group is when it is asked; a time of nought is a time.
  assert.deepStrictEqual(mergedEscalation([strict(step(0, 'a'), step(9, 'a'))]), [step(0, 'a')]);
  assert.deepStrictEqual(mergedEscalation([strict(step(9, 'a'), step(0, 'a'))]), [step(0, 'a')]);
});
