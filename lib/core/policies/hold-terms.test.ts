import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNREACHABLE_QUORUM } from '../approvals/terms.ts';
import { barOf, defaultTerms, heldTerms, strictestHold } from './hold-terms.ts';
import type { Rule } from './rule.ts';

const then = 'hold' as const;
const hold = (more: Partial<Rule> = {}): Rule => ({ name: 'r', when: {}, then, ...more });
const FALLBACK = defaultTerms('high', { undoHighS: 3, freesAllowed: true });
const of = (group: string, count = 1) => ({ groups: [group], count });

test('a tier holds for an hour, high for a quarter of one and with an undo window', () => {
  const defaults = { undoHighS: 3, freesAllowed: false };
  for (const [tier, pendingTtlS, undoS] of [
    ['low', 3600, 0],
    ['medium', 3600, 0],
    ['high', 900, 3],
  ] as const) {
    const terms = defaultTerms(tier, defaults);
    assert.deepStrictEqual([terms.pendingTtlS, terms.undoS], [pendingTtlS, undoS]);
    assert.deepStrictEqual([terms.quorum, terms.approvedTtlS, terms.voteTtlS, terms.stepUp], [1, 900, 900, 'none']);
  }
});

test('a rule asks for its quorum, of its groups, and for every factor beside', () => {
  assert.deepStrictEqual(barOf(hold()), { quorum: 1, factors: [] });
  assert.deepStrictEqual(barOf(hold({ quorum: 3 })), { quorum: 3, factors: [] });
  assert.deepStrictEqual(barOf(hold({ quorum: 2, from: ['sec'] })), { quorum: 2, factors: [of('sec', 2)] });
  assert.deepStrictEqual(barOf(hold({ from: ['sec'], factors: [of('ops')] })), {
    quorum: 2,
    factors: [of('sec'), of('ops')],
  });
});

test('a malformed bar is never lower than a written one', () => {
  for (const quorum of [0, -5, 0.2]) assert.equal(barOf(hold({ quorum })).quorum, 1);
  assert.equal(barOf(hold({ quorum: 1.1 })).quorum, 2);
  const never = { quorum: UNREACHABLE_QUORUM, factors: [] };
  assert.deepStrictEqual(barOf(hold({ quorum: Number.NaN })), never);
  assert.deepStrictEqual(barOf(hold({ quorum: Number.POSITIVE_INFINITY })), never);
  assert.deepStrictEqual(barOf(hold({ from: [] })), never);
  for (const count of [0, -1, 1.5, Number.NaN])
    assert.deepStrictEqual(barOf(hold({ factors: [of('a', count)] })), never);
  assert.deepStrictEqual(barOf(hold({ factors: [of('a'), { groups: [], count: 1 }] })), never);
});

test('the hold that asks for most people is named, of equals the first', () => {
  const [one, two, alsoTwo] = [hold({ name: '1' }), hold({ name: '2', quorum: 2 }), hold({ name: '3', quorum: 2 })];
  assert.equal(strictestHold([one, two, alsoTwo])?.name, '2');
  assert.equal(strictestHold([alsoTwo, two, one])?.name, '3');
  assert.equal(strictestHold([]), null);
});

test('of several holds each part is the strictest that any names, and the tier speaks where none does', () => {
  assert.deepStrictEqual(heldTerms([hold()], FALLBACK), FALLBACK);
  const terms = heldTerms(
    [
      hold({ quorum: 2, expiresInS: 7200, approvedForS: 60, undoS: 0 }),
      hold({ from: ['sec'], expiresInS: 60, voteTtlS: 1200, undoS: 30, stepUp: 'passkey' }),
    ],
    FALLBACK,
  );
  assert.deepStrictEqual(terms, {
    quorum: 2,
    factors: [of('sec')],
    stepUp: 'passkey',
    pendingTtlS: 60,
    approvedTtlS: 60,
    voteTtlS: 1200,
    undoS: 30,
    escalation: [],
  });
  assert.equal(heldTerms([hold({ undoS: 0 })], FALLBACK).undoS, 0, 'also a shorter window than the tier gives');
});

test('a time that is nonsense is not taken', () => {
  for (const s of [0, -1, Number.NaN]) {
    const terms = heldTerms([hold({ expiresInS: s, approvedForS: s, voteTtlS: s })], FALLBACK);
    assert.deepStrictEqual([terms.pendingTtlS, terms.approvedTtlS, terms.voteTtlS], [900, 900, 900]);
  }
  for (const s of [-1, Number.NaN]) assert.equal(heldTerms([hold({ undoS: s })], FALLBACK).undoS, 3);
});

test('more factors than can be counted are met by nobody', () => {
  const holds = (n: number) => Array.from({ length: n }, (_, at) => hold({ from: [`g${at}`] }));
  assert.equal(heldTerms(holds(8), FALLBACK).quorum, 1);
  assert.equal(heldTerms(holds(9), FALLBACK).quorum, UNREACHABLE_QUORUM);
});

test('escalations of several holds meet where all of those with groups agree', () => {
  const escalate = [{ afterS: 60, groups: ['lead'] }];
  assert.deepStrictEqual(heldTerms([hold({ from: ['sec'], escalate }), hold()], FALLBACK).escalation, escalate);
  assert.deepStrictEqual(
    heldTerms([hold({ from: ['sec'], escalate }), hold({ from: ['ops'] })], FALLBACK).escalation,
    [],
  );
});
