import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { APPROVAL_STATES, type ApprovalState, canTransition, isTerminal, statesBefore } from './states.ts';
import { type CastVote, countQuorum, mayVote, quorumMet } from './votes.ts';

/** Written out apart from the source, as the architecture lists them. */
const EDGES = new Set(
  [
    'pending approved,denied,expired,withdrawn,superseded,killed',
    'approved consumed,denied,revoked,expired-unused,killed',
    'consumed succeeded,failed,unknown-outcome',
  ].flatMap((line) => {
    const [from = '', to = ''] = line.split(' ');
    return to.split(',').map((state) => `${from}>${state}`);
  }),
);

for (const from of APPROVAL_STATES) {
  test(`from ${from} a request steps exactly where the architecture says`, () => {
    for (const to of APPROVAL_STATES)
      assert.equal(canTransition(from, to), EDGES.has(`${from}>${to}`), `${from} to ${to}`);
    assert.equal(isTerminal(from), !['pending', 'approved', 'consumed'].includes(from));
  });
}

test('the states before a state are those with an edge to it', () => {
  assert.deepStrictEqual(statesBefore('consumed'), ['approved']);
  assert.deepStrictEqual(statesBefore('killed'), ['pending', 'approved']);
  assert.deepStrictEqual(statesBefore('denied'), ['pending', 'approved']);
  assert.deepStrictEqual(statesBefore('pending'), []);
});

test('in any life of a request nothing runs without approval, nothing runs twice, and a denial is for ever', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...APPROVAL_STATES), { maxLength: 40 }), (attempts) => {
      const life: ApprovalState[] = ['pending'];
      for (const to of attempts) {
        const now = life.at(-1) ?? 'pending';
        if (canTransition(now, to)) life.push(to);
      }
      assert.equal(new Set(life).size, life.length);
      if (life.includes('consumed')) assert.deepStrictEqual(life.slice(0, 3), ['pending', 'approved', 'consumed']);
      for (const end of ['denied', 'killed', 'expired', 'revoked'] as const) {
        if (life.includes(end)) assert.equal(life.at(-1), end);
      }
    }),
    { numRuns: 1000 },
  );
});

const request = { ownerId: 'owner', onBehalfOfHumanId: 'principal' };
const as = (id: string, ...roles: string[]) => ({ id, roles });
for (const [name, voter, solo, expected] of [
  ['a reviewer who is neither owner nor principal may vote', as('r', 'reviewer'), false, 'ok'],
  ['an admin without the reviewer role may not vote', as('a', 'admin', 'security'), false, 'not-allowed'],
  ['nobody may vote without a role', as('r'), false, 'not-allowed'],
  ['the owner of the agent may not vote', as('owner', 'reviewer', 'admin'), false, 'self-approval'],
  ['the human the agent acts for may not vote', as('principal', 'reviewer'), false, 'self-approval'],
  ['in a solo install the owner may vote', as('owner', 'reviewer'), true, 'ok'],
  ['in a solo install the role is still needed', as('owner', 'admin'), true, 'not-allowed'],
] as const) {
  test(name, () => {
    const verdict = mayVote({ voter, request, solo });
    assert.equal(verdict.ok ? 'ok' : verdict.error.code, expected);
  });
}

test('a request without a principal does not exclude anybody by it', () => {
  for (const none of [{ ownerId: 'o' }, { ownerId: 'o', onBehalfOfHumanId: null }]) {
    assert.equal(mayVote({ voter: as('null', 'reviewer'), request: none, solo: false }).ok, true);
  }
});

const NOW = 1_000_000_000;
const vote = (humanId: string, decision: CastVote['decision'], ageS = 0): CastVote => ({
  humanId,
  decision,
  castAt: NOW - ageS * 1000,
});
const everybody = { now: NOW, eligible: () => true };

test('a second vote by the same human does not count', () => {
  const tally = countQuorum([vote('a', 'approve'), vote('a', 'approve', 10), vote('b', 'approve')], everybody);
  assert.deepStrictEqual(tally, { approvals: 2, approvers: ['a', 'b'], denied: false });
});

test('one deny beats any number of approvals and does not age', () => {
  const tally = countQuorum([vote('a', 'approve'), vote('b', 'approve'), vote('c', 'deny', 100_000)], everybody);
  assert.equal(tally.denied, true);
  assert.equal(quorumMet(tally, 1), false);
});

test('an approval counts until it is as old as allowed, and not from the future', () => {
  for (const [ageS, counted] of [
    [0, 1],
    [899.999, 1],
    [900, 0],
    [901, 0],
    [-0.001, 0],
  ] as const) {
    assert.equal(countQuorum([vote('a', 'approve', ageS)], everybody).approvals, counted, String(ageS));
  }
  assert.equal(countQuorum([vote('a', 'approve', 59)], { ...everybody, voteTtlS: 60 }).approvals, 1);
  assert.equal(countQuorum([vote('a', 'approve', 60)], { ...everybody, voteTtlS: 60 }).approvals, 0);
  assert.equal(countQuorum([{ ...vote('a', 'approve'), castAt: Number.NaN }], everybody).approvals, 0);
});

test('the vote of a human who is not eligible now does not count either way', () => {
  const onlyB = { now: NOW, eligible: (id: string) => id === 'b' };
  const tally = countQuorum([vote('a', 'approve'), vote('b', 'approve'), vote('c', 'deny')], onlyB);
  assert.deepStrictEqual(tally, { approvals: 1, approvers: ['b'], denied: false });
});

test('no votes approve nothing, and a quorum that is no positive whole number is never met', () => {
  assert.equal(quorumMet(countQuorum([], everybody), 1), false);
  const tally = countQuorum([vote('a', 'approve')], everybody);
  assert.equal(quorumMet(tally, 1), true);
  for (const quorum of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(quorumMet(tally, quorum), false);
});

test('the tally does not depend on order, never exceeds the humans there are, and more denials never approve', () => {
  const votes = fc.array(
    fc.record({
      humanId: fc.constantFrom('a', 'b', 'c', 'd'),
      decision: fc.constantFrom('approve' as const, 'deny' as const),
      castAt: fc.integer({ min: NOW - 1_000_000, max: NOW + 1000 }),
    }),
  );
  const eligible = (id: string) => id !== 'd';
  fc.assert(
    fc.property(votes, fc.nat(5), (cast, quorum) => {
      const tally = countQuorum(cast, { now: NOW, eligible });
      assert.deepStrictEqual(countQuorum(cast.toReversed(), { now: NOW, eligible }), tally);
      assert.ok(tally.approvals <= 3 && tally.approvals === new Set(tally.approvers).size);
      const denied = countQuorum([...cast, vote('a', 'deny')], { now: NOW, eligible });
      assert.equal(quorumMet(denied, quorum), false);
    }),
  );
});
