// The main story while a process is gone from one instruction to the next, as the reviewer at the open page sees it.

import { strike } from '#tests/chaos/disturb.ts';
import { attempt, persist, reaches, requestFor, timesRun } from '#tests/chaos/parties.ts';
import { agentWithToken } from '#tests/fixtures/gateway.ts';
import { addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, inboxRow, openRequest, openRow } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

/** What Chromium says of a server that is away for a moment. */
const AWAY =
  /Failed to load resource|WebSocket connection|ERR_|xhr poll error|status of (?:4\d\d|5\d\d)|error occurred when fetching the script/;
const RAN = 'Approved, and the call ran: the server reported success.';
let stack: Stack;
let token: string;
let hasty: string;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const audience = `/mcp/${FILES}`;
  ({ token } = await agentWithToken(stack, { name: 'bot', servers: [FILES] }, audience));
  // Gives up after a second of waiting and comes back later.
  const impatient = { name: 'hasty', servers: [FILES], requestTimeoutMs: 6_000 };
  ({ token: hasty } = await agentWithToken(stack, impatient, audience));
});
test.afterAll(async () => stack?.stop());

for (const victim of ['gateway', 'console', 'worker'] as const) {
  test(`${victim} killed while a call waits: the open inbox recovers by itself, and the approved call runs once`, async ({
    browse,
    watch,
  }) => {
    watch.expect(AWAY);
    const args = { seen: 'pending', victim };
    const page = await browse(stack, BEN);
    await page.goto(`${stack.consoleUrl}/approvals`);
    const answer = persist(stack, token, 'echo', args);
    const request = await requestFor(stack, 'echo');
    await expect(inboxRow(page, request.id)).toBeVisible();
    await strike(stack, victim);
    await openRow(page, request.id);
    await expect(page.getByRole('article')).toBeVisible();
    await decideByPointer(page, 'approve');
    expect(await answer).toEqual({ kind: 'ran', text: JSON.stringify(args) });
    await expect(page.getByText(RAN).first()).toBeVisible();
    expect(timesRun(stack, JSON.stringify(args))).toBe(1);
  });

  test(`${victim} killed after the approval: nothing runs until the agent is back, then once, and the page tells`, async ({
    browse,
    watch,
  }) => {
    watch.expect(AWAY);
    const args = { seen: 'approved', victim };
    const first = attempt(stack, hasty, 'echo', args);
    const request = await requestFor(stack, 'echo');
    const page = await openRequest(await browse(stack, BEN), stack, request.id);
    const told = await first;
    expect(told.kind === 'record' && told.record.code).toBe('approval-pending');
    await decideByPointer(page, 'approve');
    await strike(stack, victim);
    expect(timesRun(stack, JSON.stringify(args)), 'nobody is attached').toBe(0);
    expect(await persist(stack, hasty, 'echo', args)).toEqual({ kind: 'ran', text: JSON.stringify(args) });
    await expect(page.getByText(RAN).first()).toBeVisible();
    expect(timesRun(stack, JSON.stringify(args))).toBe(1);
  });

  test(`${victim} killed while the call runs: it is never run again, and the page tells how it ended`, async ({
    browse,
    watch,
  }) => {
    watch.expect(AWAY);
    const args = { seen: 'in-flight', victim };
    const answer = attempt(stack, token, 'slow', args);
    const request = await requestFor(stack, 'slow');
    const page = await openRequest(await browse(stack, BEN), stack, request.id);
    const arrived = stack.upstream.arrived(stack.upstream.calls.length + 1);
    await decideByPointer(page, 'approve');
    await arrived;
    await strike(stack, victim);
    stack.upstream.release();
    const status = await reaches(stack, request.id, ['succeeded', 'unknown_outcome']);
    expect(status).toBe(victim === 'gateway' ? 'unknown_outcome' : 'succeeded');
    expect((await answer).kind).toBe(victim === 'gateway' ? 'broken' : 'ran');
    await expect(page.getByText(victim === 'gateway' ? /outcome unknown/i : RAN).first()).toBeVisible();
    expect(timesRun(stack, JSON.stringify(args))).toBe(1);
  });
}
