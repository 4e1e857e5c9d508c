import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApprovalState } from '../approvals/states.ts';
import { outcomeOf } from './outcome.ts';
import { callIdAt, plantTimes, retimed } from './schedule.ts';

const OUTCOMES: { readonly [S in ApprovalState]: ReturnType<typeof outcomeOf> } = {
  pending: null,
  approved: 'missed',
  denied: 'caught',
  expired: 'expired',
  'expired-unused': 'missed',
  consumed: 'missed',
  succeeded: 'missed',
  failed: 'missed',
  'unknown-outcome': 'missed',
  withdrawn: 'void',
  superseded: 'void',
  killed: 'void',
  revoked: 'void',
};

for (const [state, outcome] of Object.entries(OUTCOMES)) {
  test(`a plant whose request is ${state} counts as ${outcome ?? 'still open'}`, () => {
    const known = Object.keys(OUTCOMES).find((one): one is ApprovalState => one === state);
    assert.ok(known !== undefined);
    assert.equal(outcomeOf(known, true), outcome);
  });
}

test('a span without length, or turned round, holds no plant', () => {
  assert.deepEqual(
    plantTimes(5, 5, 1e9, () => 0),
    [],
  );
  assert.deepEqual(
    plantTimes(9, 5, 1e9, () => 0),
    [],
  );
});

test('plants come in the order of time, at the moments that chance says', () => {
  const week = 7 * 86_400_000;
  const dice = [0.9, 0.75, 0.25];
  assert.deepEqual(
    plantTimes(100, 100 + week, 2, () => dice.shift() ?? 0),
    [100 + Math.floor(week * 0.25), 100 + week * 0.75],
  );
});

test('the part of a plant that is over is rounded by chance: below it one more, at it none', () => {
  const week = 7 * 86_400_000;
  assert.equal(plantTimes(0, week, 1.5, () => 0.4).length, 2);
  assert.equal(plantTimes(0, week, 1.5, () => 0.5).length, 1);
});

test('an id keeps its length however late its time and however many bytes chance brings', () => {
  const id = callIdAt(2 ** 50, new Uint8Array(16).fill(255));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-f{12}$/);
  assert.equal(retimed(id, 2 ** 52).length, id.length);
});
