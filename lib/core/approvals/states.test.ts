import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { APPROVAL_STATES, type ApprovalState, canTransition, isTerminal, statesBefore } from './states.ts';

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
