import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { APPROVAL_STATES } from '../approvals/states.ts';
import { commitmentOf } from './commitment.ts';
import { NUDGE_DECISIONS, needsNudge } from './nudge.ts';
import { outcomeOf } from './outcome.ts';
import { PATTERNS, type Pick, patternOf, SINK_TOOLS } from './patterns.ts';
import { callIdAt, plantTimes, retimed } from './schedule.ts';

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');
const first: Pick = (from) => from[0];

test('every pattern has a name of its own, a tool of the sink, arguments and an explanation', () => {
  assert.equal(new Set(PATTERNS.map(({ id }) => id)).size, PATTERNS.length);
  for (const pattern of PATTERNS) {
    assert.ok(
      SINK_TOOLS.some(({ name }) => name === pattern.tool),
      pattern.id,
    );
    assert.ok(Object.keys(pattern.args(first)).length > 0 && pattern.why.length > 20, pattern.id);
    assert.equal(patternOf(pattern.id), pattern);
  }
  assert.equal(patternOf('toString'), undefined);
});

test('no pattern points at an address that belongs to somebody', () => {
  for (const pattern of PATTERNS) {
    const text = JSON.stringify(pattern.args(first));
    for (const [address] of text.matchAll(/\b\d+\.\d+\.\d+\.\d+\b/g))
      assert.match(address, /^(203\.0\.113|198\.51\.100|192\.0\.2)\./);
    assert.doesNotMatch(text, /https?:\/\/[a-z]/i);
  }
});

test('a commitment opens to one plant only', () => {
  const part = fc.string({ minLength: 1, maxLength: 12 });
  const callId = fc.uuid({ version: 7 }).map((id) => retimed(id, 1e12));
  const sealed = fc.record({ plant: part, callId, pattern: part, nonce: part });
  fc.assert(
    fc.property(sealed, sealed, (a, b) => {
      const isSame = JSON.stringify(a) === JSON.stringify(b);
      assert.equal(commitmentOf(a, sha256Hex) === commitmentOf(b, sha256Hex), isSame);
      const later = { ...a, callId: retimed(a.callId, 2e12) };
      assert.equal(commitmentOf(later, sha256Hex), commitmentOf(a, sha256Hex), 'whenever it comes');
    }),
  );
});

test('plants come within their span, as many as asked for on average', () => {
  let state = 7;
  // A small linear congruential generator: the same run every time.
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  let count = 0;
  const dayMs = 86_400_000;
  for (let day = 0; day < 700; day++) {
    const times = plantTimes(day * dayMs, (day + 1) * dayMs, 3, random);
    assert.ok(times.every((ms) => ms >= day * dayMs && ms < (day + 1) * dayMs));
    count += times.length;
  }
  assert.ok(Math.abs(count - 300) < 45, `${count} of about 300`);
  assert.deepEqual(plantTimes(5, 5, 3, random), []);
});

test('a call id made ahead carries the time at which it will be used, in the form of any other', () => {
  const bytes = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(fc.integer({ min: 1e12, max: 2 ** 47 }), bytes, (ms, random) => {
      const id = callIdAt(ms, random);
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.equal(Number.parseInt(id.replace('-', '').slice(0, 12), 16), ms);
      assert.equal(retimed(callIdAt(ms + 7, random), ms), id);
    }),
  );
});

test('a nudge needs enough decisions, nearly all approved, half of them in under three seconds', () => {
  const habit = { decisions: NUDGE_DECISIONS, approved: NUDGE_DECISIONS, medianDwellS: 2.9 };
  assert.equal(needsNudge(habit), true);
  assert.equal(needsNudge({ ...habit, medianDwellS: 0 }), true, 'never opened is faster than fast');
  for (const change of [
    { decisions: NUDGE_DECISIONS - 1, approved: NUDGE_DECISIONS - 1 },
    { approved: NUDGE_DECISIONS - 1 },
    { medianDwellS: 3 },
    { medianDwellS: null },
  ]) {
    assert.equal(needsNudge({ ...habit, ...change }), false, JSON.stringify(change));
  }
});

test('a plant is judged in every state but an open one, and an approval only after the undo window', () => {
  assert.equal(outcomeOf('approved', false), null);
  assert.equal(outcomeOf('approved', true), 'missed');
  for (const state of APPROVAL_STATES) {
    assert.equal(outcomeOf(state, true) === null, state === 'pending', state);
  }
  assert.equal(outcomeOf('denied', false), 'caught');
  assert.equal(outcomeOf('killed', true), 'void');
});
