import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, inboxRow, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(() => stack?.stop());

test('a page that hears nothing says since when, refuses to approve, and recovers by itself (T43)', async ({
  browse,
  watch,
}) => {
  watch.expect(/ERR_INTERNET_DISCONNECTED|WebSocket connection|error occurred when fetching the script/);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  const call = await agent.hold('echo', { first: true });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(ben.getByText('Live', { exact: true })).toBeVisible();
  const approve = ben.getByRole('button', { name: /^Approve…/ });
  await expect(approve).not.toHaveAttribute('aria-disabled', 'true');

  await ben.context().setOffline(true);
  await expect(ben.getByRole('alert').filter({ hasText: /Stale since/ })).toBeVisible({ timeout: 25_000 });
  await expect(approve).toHaveAttribute('aria-disabled', 'true');
  await expect(approve).toHaveAccessibleDescription(/stale/);
  const missed = await agent.hold('echo', { second: true });

  await ben.context().setOffline(false);
  await expect(inboxRow(ben, missed.requestId)).toBeVisible({ timeout: 15_000 });
  await expect(ben.getByRole('alert').filter({ hasText: /Stale since/ })).toBeHidden();
  await expect(ben.getByText('Live', { exact: true })).toBeVisible({ timeout: 15_000 });
  await decideByPointer(ben, 'approve');
  await expect(ben.getByText('Approved, and the call ran').first()).toBeVisible();
  await agent.close();
});
