import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ageDenials } from '#tests/fixtures/age-denials.ts';
import { agentWithToken } from '#tests/fixtures/gateway.ts';
import { addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { roleProcess } from '#tests/start/launch.ts';
import { healed } from './disturb.ts';
import { logIsWhole } from './log-is-whole.ts';
import { attempt, decide, persist, reaches, requestFor, timesRun, voteOnce } from './parties.ts';

const slowly = { timeout: 90_000, skip: process.platform !== 'linux' };
/** Between a vote and the upstream's answer lie some milliseconds: approved, consumed, written down, sent, answered. */
const MOMENTS_MS = [0, 4, 12];
let stack: Stack;
let token: string;

before(async () => {
  stack = await startStack();
  await addReviewers(stack);
  ({ token } = await agentWithToken(stack, { name: 'bot', servers: [FILES] }, `/mcp/${FILES}`));
  // The gateway hears of a new agent a moment later; the attempts below are made once.
  await persist(stack, token, 'steps', {});
});
after(() => stack?.stop());

for (const momentMs of MOMENTS_MS) {
  test(
    `the gateway is lost ${momentMs} ms after the approval: the call ran once or not at all, and is never run by itself`,
    slowly,
    async () => {
      const args = { momentMs };
      const canonical = JSON.stringify(args);
      const first = attempt(stack, token, 'echo', args);
      const request = await requestFor(stack, 'echo');
      const pid = await roleProcess(stack.dataDir, 'gateway');
      await decide(stack, BEN, request.id, 'approve');
      await delay(momentMs);
      process.kill(pid, 'SIGKILL');
      const ended = await first;
      await roleProcess(stack.dataDir, 'gateway', pid);
      await healed(stack);
      const ran = timesRun(stack, canonical);
      if (ended.kind === 'ran') assert.equal(ran, 1);

      // The agent comes back. An approval that was not used runs now; a used one is never used again.
      const again = persist(stack, token, 'echo', args);
      // Not `consumed`: that is also what the returning agent's own use looks like for some milliseconds.
      const status = await reaches(stack, request.id, ['succeeded', 'unknown_outcome']);
      if (ran === 0 && status === 'succeeded') {
        assert.deepEqual(await again, { kind: 'ran', text: canonical });
        assert.equal(timesRun(stack, canonical), 1);
        return;
      }
      const second = await requestFor(stack, 'echo', [request.id]);
      await decide(stack, BEN, second.id, 'deny');
      const denied = await again;
      assert.ok(denied.kind === 'record' && denied.record.code === 'denied-by-human');
      await ageDenials(stack.prisma);
      assert.equal(timesRun(stack, canonical), ran);
    },
  );
}

for (const momentMs of [0, 4, 12]) {
  test(`the console is lost ${momentMs} ms into a vote: the repeated vote counts once`, slowly, async () => {
    const args = { voteMs: momentMs };
    const answer = persist(stack, token, 'echo', args);
    const request = await requestFor(stack, 'echo');
    const pid = await roleProcess(stack.dataDir, 'console');
    const key = randomUUID();
    const vote = () => voteOnce(stack, BEN, request.id, 'approve', key).catch(() => 0);
    const voting = vote();
    await delay(momentMs);
    process.kill(pid, 'SIGKILL');
    await voting;
    await roleProcess(stack.dataDir, 'console', pid);
    await healed(stack);
    assert.equal(await vote(), 200);
    assert.deepEqual(await answer, { kind: 'ran', text: JSON.stringify(args) });
    assert.equal(timesRun(stack, JSON.stringify(args)), 1);
    assert.equal(await stack.prisma.vote.count({ where: { requestId: request.id } }), 1);
  });
}

test('after all of it the log is whole', slowly, () => logIsWhole(stack));
