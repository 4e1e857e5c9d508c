import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { agentWithToken } from '#tests/fixtures/gateway.ts';
import { addReviewers, BEN, FILES, losePower, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { healed } from './disturb.ts';
import { logIsWhole } from './log-is-whole.ts';
import { attempt, decide, persist, reaches, requestFor, timesRun } from './parties.ts';

let stack: Stack;

before(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
after(() => stack?.stop());

test('a power failure loses no request and no approval, runs nothing twice, and leaves a whole log', {
  timeout: 90_000,
  skip: process.platform !== 'linux',
}, async () => {
  const { token } = await agentWithToken(
    stack,
    { name: 'bot', servers: [FILES], requestTimeoutMs: 6_000 },
    `/mcp/${FILES}`,
  );
  // The gateway hears of a new agent a moment later; the attempts below are made once. This one reaches no upstream.
  await persist(stack, token, 'no-such-tool', {});
  const waiting = { what: 'waits' };
  const approved = { what: 'is approved' };
  const running = { what: 'runs' };
  const attempts = [attempt(stack, token, 'echo', waiting)];
  const first = await requestFor(stack, 'echo');
  attempts.push(attempt(stack, token, 'echo', approved));
  const second = await requestFor(stack, 'echo', [first.id]);
  await Promise.all(attempts);
  await decide(stack, BEN, second.id, 'approve');
  const cut = attempt(stack, token, 'slow', running);
  const third = await requestFor(stack, 'slow');
  await decide(stack, BEN, third.id, 'approve');
  await stack.upstream.arrived(1);

  stack = await losePower(stack);
  await healed(stack);
  stack.upstream.release();
  assert.equal((await cut).kind, 'broken');
  assert.equal(stack.upstream.calls.length, 1, 'nothing runs by itself');

  assert.deepEqual(await persist(stack, token, 'echo', approved), { kind: 'ran', text: JSON.stringify(approved) });
  const answer = persist(stack, token, 'echo', waiting);
  await decide(stack, BEN, first.id, 'approve');
  assert.deepEqual(await answer, { kind: 'ran', text: JSON.stringify(waiting) });
  await reaches(stack, third.id, ['unknown_outcome']);
  for (const args of [waiting, approved, running]) assert.equal(timesRun(stack, JSON.stringify(args)), 1);
  await logIsWhole(stack);
});
