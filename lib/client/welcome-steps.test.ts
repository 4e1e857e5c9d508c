import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Welcome } from '#lib/contracts/welcome.ts';
import { firstSteps, laterSteps } from './welcome-steps.ts';

const AT = '2026-11-23T03:00:00.000Z';
const EMPTY: Welcome = {
  dismissed: false,
  server: null,
  agent: null,
  firstCall: null,
  firstVote: null,
  policy: null,
  passkey: null,
  people: { reviewers: 1, invited: 0 },
  drill: null,
  serverTime: AT,
};
const done = (now: Welcome) =>
  [...firstSteps(now), ...laterSteps(now)].filter((step) => step.done).map((step) => step.id);

test('an empty installation has nothing done, and every step leads somewhere', () => {
  assert.deepEqual(done(EMPTY), []);
  for (const step of [...firstSteps(EMPTY), ...laterSteps(EMPTY)]) {
    assert.match(step.href, /^\//);
    assert.equal(step.evidence, null);
  }
});

test('a server whose tools nobody accepted is not enough, and the next step leads to it', () => {
  const now = { ...EMPTY, server: { name: 'files', at: AT, accepted: 0, waiting: 5 } };
  assert.deepEqual(done(now), ['server']);
  assert.equal(firstSteps(now)[1]?.href, '/servers/files');
  const accepted = { ...EMPTY, server: { name: 'files', at: AT, accepted: 1, waiting: 4 } };
  assert.equal(firstSteps(accepted)[1]?.evidence?.text, '1 tool accepted, 4 to look at');
});

test('the first call is told by what became of it', () => {
  const call = { at: AT, agent: 'bot', server: 'files', tool: 'echo', callId: 'c1' };
  const words = (fate: 'ran' | 'waited' | 'refused') =>
    firstSteps({ ...EMPTY, firstCall: { ...call, fate } }).find((step) => step.id === 'call')?.evidence?.text;
  assert.equal(words('ran'), 'bot: files · echo ran');
  assert.equal(words('waited'), 'bot: files · echo waited for a person');
  assert.equal(words('refused'), 'bot: files · echo was refused');
});

test('an open invitation is evidence, but only the second reviewer ticks the step', () => {
  const invited = { ...EMPTY, people: { reviewers: 1, invited: 1 } };
  assert.deepEqual(done(invited), []);
  assert.equal(laterSteps(invited)[0]?.evidence?.text, '1 invitation is open');
  assert.deepEqual(done({ ...EMPTY, people: { reviewers: 2, invited: 0 } }), ['second']);
});
