import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HoldTerms } from '../policies/rule.ts';
import { judgeQuorum, type SeatVote } from './quorum.ts';
import { explicitFactors, satisfiesTerms, stricterTerms } from './terms.ts';

const NOW = 1_000_000_000;
const AT = { nowMs: NOW, escalatedGroups: [] };
const TERMS = { quorum: 1, factors: [], stepUp: 'none', voteTtlS: 900 } as const;
const vote = (who: string, groups: readonly string[] = [], more: Partial<SeatVote> = {}): SeatVote => ({
  casterId: who,
  seatId: who,
  humanKey: who,
  groups,
  decision: 'approve',
  castAtMs: NOW,
  stepUp: false,
  ...more,
});
const of = (group: string, count = 1) => ({ groups: [group], count });

test('T08 one human in the groups of both factors fills one place', () => {
  const terms = { ...TERMS, quorum: 2, factors: [of('sec'), of('ops')] };
  const both = vote('a', ['sec', 'ops']);
  const alone = judgeQuorum([both], terms, AT);
  assert.deepStrictEqual([alone.met, alone.approvals, alone.factors.map((f) => f.approved)], [false, 1, [1, 0]]);
  // Whoever fits both is moved to where they are needed.
  assert.equal(judgeQuorum([both, vote('b', ['sec'])], terms, AT).met, true);
  assert.equal(judgeQuorum([both, vote('b', ['other'])], terms, AT).met, false);
});

test('T07 two accounts of one human, and a delegate beside the delegator, count once', () => {
  const two = { ...TERMS, quorum: 2 };
  const account = (id: string) => vote(id, [], { humanKey: 'subject' });
  assert.equal(judgeQuorum([account('a'), account('b')], two, AT).approvals, 1);
  const forA = vote('b', [], { seatId: 'a' });
  assert.deepStrictEqual(judgeQuorum([vote('a'), forA], two, AT).approvers, ['a']);
  assert.equal(judgeQuorum([forA, vote('c', [], { seatId: 'a' })], two, AT).approvals, 1);
  // A delegate who votes for two seats is still one human.
  assert.equal(judgeQuorum([vote('b'), forA], two, AT).approvals, 1);
  assert.equal(judgeQuorum([vote('a'), vote('b'), forA], two, AT).met, true);
});

test('a seat is filled by its owner, else by the earliest delegate, else by the first by name, in whatever order they come', () => {
  const own = vote('z', ['own'], { castAtMs: NOW - 1 });
  const early = vote('c', ['early'], { seatId: 'z', castAtMs: NOW - 9 });
  const later = vote('b', ['later'], { seatId: 'z', castAtMs: NOW - 5 });
  const atOnce = vote('a', ['later'], { seatId: 'z', castAtMs: NOW - 5 });
  const filledBy = (votes: readonly SeatVote[]) => {
    const orders = [votes, votes.toReversed()].map((order) => judgeQuorum(order, TERMS, AT).approvers);
    assert.deepStrictEqual(orders[0], orders[1]);
    return orders[0];
  };
  assert.deepStrictEqual(filledBy([early, own]), ['z']);
  assert.deepStrictEqual(filledBy([later, early]), ['c']);
  assert.deepStrictEqual(filledBy([later, atOnce]), ['a']);
  assert.deepStrictEqual(filledBy([vote('c'), vote('a'), vote('b')]), ['a', 'b', 'c']);
});

test('two accounts of one human are named by the earlier vote, and bring the groups of both', () => {
  const first = vote('m', ['x'], { humanKey: 'subject', castAtMs: NOW - 2 });
  const second = vote('k', ['y'], { humanKey: 'subject', castAtMs: NOW - 1 });
  for (const votes of [
    [first, second],
    [second, first],
  ]) {
    assert.deepStrictEqual(judgeQuorum(votes, TERMS, AT).approvers, ['m']);
    assert.equal(judgeQuorum(votes, { ...TERMS, factors: [of('y')] }, AT).met, true);
    assert.equal(judgeQuorum(votes, { ...TERMS, factors: [of('w')] }, AT).met, false);
  }
});

test('a delegated seat brings its groups to its delegate', () => {
  const terms = { ...TERMS, factors: [of('sec')] };
  assert.equal(judgeQuorum([vote('b', ['sec'], { seatId: 'a' })], terms, AT).met, true);
});

test('with factors only members count, with an escalation those of its groups too', () => {
  const terms = { ...TERMS, quorum: 2, factors: [of('sec', 2)] };
  const votes = [vote('a', ['sec']), vote('b', ['ops']), vote('c')];
  assert.deepStrictEqual(judgeQuorum(votes, terms, AT).approvers, ['a']);
  assert.equal(judgeQuorum(votes, terms, { nowMs: NOW, escalatedGroups: ['ops'] }).met, true);
  const nobody = { ...TERMS, factors: [{ groups: [], count: 1 }] };
  assert.equal(judgeQuorum(votes, nobody, { nowMs: NOW, escalatedGroups: ['ops'] }).met, false);
});

test('where a passkey is asked for an approval without one does not count', () => {
  const terms = { ...TERMS, stepUp: 'passkey' as const };
  assert.equal(judgeQuorum([vote('a')], terms, AT).met, false);
  assert.equal(judgeQuorum([vote('a', [], { stepUp: true })], terms, AT).met, true);
});

test('T09 a vote counts until it is as old as allowed, and not from the future', () => {
  for (const [ageMs, met] of [
    [0, true],
    [899_999, true],
    [900_000, false],
    [-1, false],
    [Number.NaN, false],
  ] as const) {
    assert.equal(judgeQuorum([vote('a', [], { castAtMs: NOW - ageMs })], TERMS, AT).met, met, String(ageMs));
  }
});

test('T04 one denial denies whatever else there is, however old and whoever casts it', () => {
  const denial = vote('z', [], { decision: 'deny', castAtMs: 0 });
  const verdict = judgeQuorum([vote('a'), denial], { ...TERMS, factors: [] }, AT);
  assert.deepStrictEqual([verdict.denied, verdict.met, verdict.approvals], [true, false, 1]);
});

test('a bar that makes no sense is never met', () => {
  for (const quorum of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31 - 1]) {
    assert.equal(judgeQuorum([vote('a')], { ...TERMS, quorum }, AT).met, false, String(quorum));
  }
  for (const count of [0, -1, 0.5, Number.NaN]) {
    assert.equal(judgeQuorum([vote('a', ['sec'])], { ...TERMS, factors: [of('sec', count)] }, AT).met, false);
  }
  const nine = Array.from({ length: 9 }, (_, n) => of(`g${n}`));
  const all = Array.from({ length: 9 }, (_, n) => vote(`p${n}`, [`g${n}`]));
  assert.equal(judgeQuorum(all, { ...TERMS, factors: nine }, AT).met, false);
  assert.equal(judgeQuorum(all.slice(0, 8), { ...TERMS, factors: nine.slice(0, 8) }, AT).met, true);
});

const GROUPS = ['x', 'y', 'z'];
const factors = fc.array(
  fc.record({ groups: fc.subarray(GROUPS, { minLength: 1 }), count: fc.integer({ min: 1, max: 2 }) }),
  { maxLength: 3 },
);
const bars = fc.record({
  quorum: fc.integer({ min: 1, max: 4 }),
  factors,
  stepUp: fc.constantFrom('none' as const, 'passkey' as const),
});
const crowds = fc
  .array(fc.tuple(fc.subarray(GROUPS), fc.boolean()), { maxLength: 6 })
  .map((people) => people.map(([groups, stepUp], n) => vote(`p${n}`, groups, { stepUp })));
type Bar = Pick<HoldTerms, 'quorum' | 'factors' | 'stepUp'>;

/** Every way to give each human a place or none: what the assignment must agree with. */
function metByTrying(votes: readonly SeatVote[], bar: Bar): boolean {
  const fit = votes
    .filter((v) => bar.stepUp === 'none' || v.stepUp)
    .map((v) => bar.factors.map((f) => f.groups.some((g) => v.groups.includes(g))))
    .filter((kinds) => bar.factors.length === 0 || kinds.includes(true));
  const fill = (human: number, left: readonly number[]): boolean => {
    if (left.every((count) => count === 0)) return true;
    const kinds = fit[human];
    if (kinds === undefined) return false;
    if (fill(human + 1, left)) return true;
    return left.some((count, kind) => count > 0 && kinds[kind] === true && fill(human + 1, left.with(kind, count - 1)));
  };
  return (
    fit.length >= bar.quorum &&
    fill(
      0,
      bar.factors.map((f) => f.count),
    )
  );
}

test('a quorum is met exactly where some way of placing everybody meets it', () => {
  fc.assert(
    fc.property(crowds, bars, (votes, bar) => {
      assert.equal(judgeQuorum(votes, { ...bar, voteTtlS: 900 }, AT).met, metByTrying(votes, bar));
    }),
    { numRuns: 2000 },
  );
});

test('the order of votes does not matter, and another approval never unmeets', () => {
  fc.assert(
    fc.property(crowds, bars, fc.subarray(GROUPS), (votes, bar, groups) => {
      const terms = { ...bar, voteTtlS: 900 };
      const verdict = judgeQuorum(votes, terms, AT);
      const turned = judgeQuorum(votes.toReversed(), terms, AT);
      assert.deepStrictEqual([turned.met, turned.approvers], [verdict.met, verdict.approvers]);
      const more = judgeQuorum([...votes, vote('q', groups, { stepUp: true })], terms, AT);
      assert.ok(more.met || !verdict.met);
    }),
  );
});

const termsOf: fc.Arbitrary<HoldTerms> = fc.record({
  quorum: fc.integer({ min: 1, max: 4 }),
  factors,
  stepUp: fc.constantFrom('none' as const, 'passkey' as const),
  pendingTtlS: fc.constantFrom(60, 900),
  approvedTtlS: fc.constantFrom(60, 900),
  voteTtlS: fc.constantFrom(60, 900),
  undoS: fc.constantFrom(0, 3, 30),
  escalation: fc.array(fc.record({ afterS: fc.constantFrom(60, 90), groups: fc.subarray(GROUPS, { minLength: 1 }) }), {
    maxLength: 2,
  }),
});

test('T10 the stricter of two terms satisfies both, in either order, and adds nothing to itself', () => {
  fc.assert(
    fc.property(termsOf, termsOf, (a, b) => {
      const both = stricterTerms(a, b);
      assert.deepStrictEqual(stricterTerms(b, a), both);
      assert.ok(satisfiesTerms(both, a) && satisfiesTerms(both, b));
      const own = stricterTerms(a, a);
      assert.deepStrictEqual(stricterTerms(own, own), own);
      for (const part of ['pendingTtlS', 'approvedTtlS', 'voteTtlS'] as const) {
        assert.equal(both[part], Math.min(a[part], b[part]));
      }
      assert.equal(both.undoS, Math.max(a.undoS, b.undoS));
    }),
    { numRuns: 2000 },
  );
});

test('whoever meets the stricter of two terms meets either, also after what escalates in it', () => {
  const times = [0, 60, 90];
  const asked = (terms: HoldTerms, afterS: number) =>
    terms.escalation.filter((step) => step.afterS <= afterS).flatMap((step) => step.groups);
  fc.assert(
    fc.property(crowds, termsOf, termsOf, fc.constantFrom(...times), (votes, a, b, afterS) => {
      const both = stricterTerms(a, b);
      const met = (terms: HoldTerms) =>
        judgeQuorum(votes, terms, { nowMs: NOW, escalatedGroups: asked(terms, afterS) }).met;
      if (met(both)) assert.ok(met(a) && met(b));
    }),
    { numRuns: 3000 },
  );
});

test('what satisfies a bar is met by nobody who does not meet the bar', () => {
  fc.assert(
    fc.property(crowds, bars, bars, (votes, have, need) => {
      const met = (bar: Bar) => judgeQuorum(votes, { ...bar, voteTtlS: 900 }, AT).met;
      if (satisfiesTerms(have, need) && met(have)) assert.ok(met(need));
    }),
    { numRuns: 4000 },
  );
});

test('a bar written out as places asks for exactly the same people', () => {
  fc.assert(
    fc.property(crowds, bars, (votes, bar) => {
      const met = (b: Bar) => judgeQuorum(votes, { ...b, voteTtlS: 900 }, AT).met;
      assert.equal(met({ ...bar, ...explicitFactors(bar) }), met(bar));
    }),
    { numRuns: 2000 },
  );
});
