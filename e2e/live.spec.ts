// What comes in while somebody reads: nothing moves under their hand, and nothing goes back in time.
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { inboxRow, openRequest, press } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.vanish();
  await stack?.stop();
});

test('arrivals are read one by one, wait behind a pill, and move neither the line in focus nor the Approve button (T36)', async ({
  browse,
}) => {
  const first = await agent.hold('echo', { n: 1 });
  const ben = await openRequest(await browse(stack, BEN), stack, first.requestId);
  const asked: string[] = [];
  ben.on('request', (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === '/api/v1/approvals') asked.push(search);
  });
  await expect(ben.getByText('Live', { exact: true })).toBeVisible();
  const line = inboxRow(ben, first.requestId);
  await line.focus();
  const approve = ben.getByRole('button', { name: /^Approve…/ });
  await expect(approve).not.toHaveAttribute('aria-disabled', 'true');
  const before = [await line.boundingBox(), await approve.boundingBox()];
  asked.length = 0;

  const second = await agent.hold('echo', { n: 2 });
  const third = await agent.hold('slow', { n: 3 });
  const pill = ben.getByRole('button', { name: '2 new' });
  await expect(pill).toBeVisible();
  await expect(line).toBeFocused();
  expect([await line.boundingBox(), await approve.boundingBox()]).toEqual(before);
  expect(
    asked.filter((search) => !search.startsWith('?ids=')),
    'no whole list was read',
  ).toEqual([]);
  expect(asked.join()).toContain(second.requestId);

  // A line that has just come takes no click for half a second: what is opened stays what was open.
  const fourth = await agent.hold('echo', { n: 4 });
  await inboxRow(ben, fourth.requestId).waitFor();
  await inboxRow(ben, fourth.requestId).dispatchEvent('click');
  expect(ben.url()).toContain(first.requestId);
  await ben.getByRole('button', { name: '3 new' }).click();
  await expect(pill).toBeHidden();
  await expect(inboxRow(ben, third.requestId)).toBeVisible();
  await expect(inboxRow(ben, fourth.requestId)).toBeVisible();
});

test('an answer from before a decision does not bring the request back (T43)', async ({ browse }) => {
  const call = await agent.hold('echo', { decided: 'meanwhile' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(inboxRow(ben, call.requestId)).toBeVisible();
  // The server's answer to a poll is held back until the decision has been shown.
  const decided = Promise.withResolvers<void>();
  const late = Promise.withResolvers<void>();
  await ben.route(/\/api\/v1\/approvals\?status=pending/, async (route) => {
    const old = await route.fetch();
    await decided.promise;
    await route.fulfill({ response: old });
    late.resolve();
  });
  await ben.evaluate(() => window.dispatchEvent(new Event('focus')));
  await ben.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  const tray = ben.getByRole('form', { name: 'Confirm denial' });
  await press(ben, 'd', () => expect(tray).toBeVisible({ timeout: 400 }));
  await press(ben, 'Control+Enter', () => expect(tray).toBeHidden({ timeout: 1500 }));
  await expect(ben.getByText('Denied. The call did not run.').first()).toBeVisible();
  decided.resolve();
  await late.promise;
  // Shown after the late answer was taken in.
  const next = await agent.hold('echo', { came: 'after' });
  await expect(inboxRow(ben, next.requestId)).toBeVisible();
  await expect(inboxRow(ben, call.requestId).filter({ hasNotText: 'no longer waiting' })).toHaveCount(0);
  await expect(ben.getByText('Denied. The call did not run.').first()).toBeVisible();
});

test('a page whose line never finishes downloading says that it is stale, and approves nothing (T43)', async ({
  browse,
}) => {
  const call = await agent.hold('echo', { heard: 'by nobody' });
  const ben = await browse(stack, BEN);
  const cutOff = Promise.withResolvers<void>();
  await ben.route('**/_next/static/chunks/*.js', async (route) => {
    const code = await route.fetch();
    if (!(await code.text()).includes('io server disconnect')) return route.fulfill({ response: code });
    // It neither comes nor fails, as from a server that stopped in the middle.
    await cutOff.promise;
    await route.fulfill({ response: code });
  });
  // To the browser it never ends loading.
  await ben.goto(`${stack.consoleUrl}/approvals/${call.requestId}`, { waitUntil: 'domcontentloaded' });
  const approve = ben.getByRole('button', { name: /^Approve…/ });
  await expect(approve).not.toHaveAttribute('aria-disabled', 'true');
  await expect(approve).toHaveAccessibleDescription(/stale/, { timeout: 20_000 });
  cutOff.resolve();
  await expect(ben.getByText('Live', { exact: true })).toBeVisible({ timeout: 15_000 });
  await expect(approve).not.toHaveAttribute('aria-disabled', 'true');
});
