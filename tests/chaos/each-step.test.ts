import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ageDenials } from '#tests/fixtures/age-denials.ts';
import { agentWithToken } from '#tests/fixtures/gateway.ts';
import { addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { strike, VICTIMS } from './disturb.ts';
import { logIsWhole } from './log-is-whole.ts';
import { attempt, decide, persist, reaches, requestFor, timesRun } from './parties.ts';

const slowly = { timeout: 60_000, skip: process.platform !== 'linux' };
let stack: Stack;
let token: string;
let hasty: string;

before(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const audience = `/mcp/${FILES}`;
  ({ token } = await agentWithToken(stack, { name: 'bot', servers: [FILES] }, audience));
  // Gives up after a second of waiting and comes back later.
  const impatient = { name: 'hasty', servers: [FILES], requestTimeoutMs: 6_000 };
  ({ token: hasty } = await agentWithToken(stack, impatient, audience));
  // The gateway hears of a new agent a moment later; some attempts below are made once.
  await persist(stack, hasty, 'steps', {});
});
after(() => stack?.stop());

for (const victim of VICTIMS) {
  test(`${victim} lost while a call waits: the request stands, is approved, and runs once`, slowly, async () => {
    const args = { step: 'pending', victim };
    const answer = persist(stack, token, 'echo', args);
    const request = await requestFor(stack, 'echo');
    await strike(stack, victim);
    await decide(stack, BEN, request.id, 'approve');
    assert.deepEqual(await answer, { kind: 'ran', text: JSON.stringify(args) });
    assert.equal(timesRun(stack, JSON.stringify(args)), 1);
    await reaches(stack, request.id, ['succeeded']);
  });

  test(`${victim} lost after the approval: it is kept, and runs once when the agent comes back`, slowly, async () => {
    const args = { step: 'approved', victim };
    const first = attempt(stack, hasty, 'echo', args);
    const request = await requestFor(stack, 'echo');
    const told = await first;
    assert.ok(told.kind === 'record' && told.record.code === 'approval-pending');
    await decide(stack, BEN, request.id, 'approve');
    await strike(stack, victim);
    assert.equal(timesRun(stack, JSON.stringify(args)), 0, 'nobody attached: nothing runs');
    assert.deepEqual(await persist(stack, hasty, 'echo', args), { kind: 'ran', text: JSON.stringify(args) });
    assert.equal(timesRun(stack, JSON.stringify(args)), 1);
    await reaches(stack, request.id, ['succeeded']);
  });

  test(`${victim} lost while the call runs: it is never run again`, slowly, async () => {
    const args = { step: 'in-flight', victim };
    const canonical = JSON.stringify(args);
    const answer = attempt(stack, token, 'slow', args);
    const request = await requestFor(stack, 'slow');
    await decide(stack, BEN, request.id, 'approve');
    await stack.upstream.arrived(stack.upstream.calls.length + Number(timesRun(stack, canonical) === 0));
    await strike(stack, victim);
    stack.upstream.release();
    const ended = await answer;
    const status = await reaches(stack, request.id, ['succeeded', 'unknown_outcome']);
    if (victim === 'gateway') {
      assert.deepEqual([ended.kind, status], ['broken', 'unknown_outcome']);
    } else if (victim === 'console' || victim === 'worker') {
      assert.deepEqual([ended, status], [{ kind: 'ran', text: canonical }, 'succeeded']);
    }
    assert.equal(timesRun(stack, canonical), 1);

    const again = persist(stack, token, 'slow', args);
    const second = await requestFor(stack, 'slow', [request.id]);
    await decide(stack, BEN, second.id, 'deny');
    const denied = await again;
    assert.ok(denied.kind === 'record' && denied.record.code === 'denied-by-human');
    await ageDenials(stack.prisma);
    assert.equal(timesRun(stack, canonical), 1);
  });
}

test(
  'after all of it the log is whole: it verifies, and tells of every call that the upstream saw',
  slowly,
  async () => {
    await logIsWhole(stack);
  },
);
