import { recordOf } from '#tests/fixtures/gateway.ts';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, argumentsIn, connectAgent, reconnectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByKeyboard, decideByPointer, openRequest, openTray } from './fixtures/review.ts';
import { cookieOf, expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  await applyHolds(stack, [{ name: 'short', tools: ['broken'], expires: '4s' }]);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

test('a denial answers the agent, and nothing runs', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('echo', { drop: 'table users' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await decideByKeyboard(ben, 'deny', 'not in the plan');
  await expect(ben.getByText('Denied. The call did not run.').first()).toBeVisible();
  await expect(ben.getByText('“not in the plan”').first()).toBeVisible();
  const record = recordOf(await call.answer);
  expect(record.code).toBe('denied-by-human');
  expect(JSON.stringify(record), 'the agent learns neither who nor why').not.toMatch(/ben|not in the plan/i);
  expect(stack.upstream.calls).toHaveLength(before);
});

test('what nobody decides in time is denied, and the open page says so by itself', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('broken', { never: 'decided' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(ben.getByText('Nobody decided in time, so it counts as denied.').first()).toBeVisible({
    timeout: 15_000,
  });
  await expect(ben.getByRole('button', { name: /^Approve/ })).toBeHidden();
  expect(recordOf(await call.answer).code).toBe('approval-expired');
  expect(stack.upstream.calls).toHaveLength(before);
});

test('arguments swapped between display and approval: the old approval never runs the new call (T01)', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 409/);
  const before = stack.upstream.calls.length;
  const shown = await agent.hold('echo', { amount: 10, to: 'known-account' });
  const swapped = await agent.hold('echo', { amount: 9999, to: 'mallory' });
  expect(swapped.requestId).not.toBe(shown.requestId);

  const page = await openRequest(await browse(stack, BEN), stack, shown.requestId);
  const read = async (id: string) => (await page.request.get(`${stack.consoleUrl}/api/v1/approvals/${id}`)).json();
  const digest = (await read(shown.requestId)).digest;
  const crossed = await page.request.post(`${stack.consoleUrl}/api/v1/approvals/${swapped.requestId}/votes`, {
    headers: { origin: stack.consoleUrl, cookie: await cookieOf(stack, BEN) },
    data: { decision: 'approve', digest },
  });
  expect(crossed.status()).toBe(409);
  expect(await crossed.json()).toMatchObject({
    code: 'stale-digest',
    record: { id: swapped.requestId, status: 'pending' },
  });

  await decideByPointer(page, 'approve');
  expect(textOf(await shown.answer)).toBe('{"amount":10,"to":"known-account"}');
  const ran = stack.upstream.calls.slice(before).map((one) => argumentsIn(one.body));
  expect(ran).toEqual(['{"amount":10,"to":"known-account"}']);
  expect((await read(swapped.requestId)).status).toBe('pending');
  await decideByPointer(await openRequest(page, stack, swapped.requestId), 'deny');
  expect(recordOf(await swapped.answer).code).toBe('denied-by-human');
});

test('a page whose arguments are not those the digest stands for refuses to approve', async ({ browse }) => {
  const page = await browse(stack, BEN);
  // Long arguments are hashed after they are shown.
  for (const text of ['', 'x'.repeat(100_000)]) {
    const call = await agent.hold('echo', { amount: 1, text });
    await page.route(`**/api/v1/approvals/${call.requestId}`, async (route) => {
      const answer = await route.fetch();
      const canonicalArgs = JSON.stringify({ amount: 2, text });
      await route.fulfill({ response: answer, json: { ...(await answer.json()), canonicalArgs } });
    });
    await openRequest(page, stack, call.requestId);
    await expect(page.getByRole('alert').filter({ hasText: 'Shown and signed differ' })).toBeVisible();
    await expect(page.getByRole('button', { name: /^Approve…/ })).toHaveAttribute('aria-disabled', 'true');
    await decideByPointer(page, 'deny');
    expect(recordOf(await call.answer).code).toBe('denied-by-human');
  }
  // A refetch may be on its way through the route while the page closes.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('an approval of what changed meanwhile is not sent through, and the page shows what is there now', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 409/);
  const before = stack.upstream.calls.length;
  const call = await agent.hold('echo', { target: 'staging' });
  const [ben, cleo] = [await browse(stack, BEN), await browse(stack, CLEO)];
  await openRequest(cleo, stack, call.requestId);
  // Ben's browser hears nothing of what happens: hints are lost and answers are old.
  const url = `${stack.consoleUrl}/api/v1/approvals/${call.requestId}`;
  const old = await (await cleo.request.get(url)).text();
  await ben.route(url, (route) => route.fulfill({ body: old, contentType: 'application/json' }));
  await openRequest(ben, stack, call.requestId);
  await openTray(ben, 'approve');
  await decideByPointer(cleo, 'deny');
  await expect(cleo.getByText('Denied. The call did not run.').first()).toBeVisible();
  await ben
    .getByRole('form', { name: 'Confirm approval' })
    .getByRole('button', { name: /^Approve/ })
    .click();
  await expect(ben.getByRole('alert').filter({ hasText: 'Your approval was not sent through' })).toBeVisible();
  await expect(ben.getByRole('alert').filter({ hasText: 'It is now denied.' })).toBeVisible();
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
  expect(stack.upstream.calls).toHaveLength(before);
});

test('two reviewers who approve at the same moment make one decision, and it runs once (T05)', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('echo', { race: 'approve' });
  const pages = await Promise.all([browse(stack, BEN), browse(stack, CLEO)]);
  for (const page of pages) await openTray(await openRequest(page, stack, call.requestId), 'approve');
  await Promise.all(
    pages.map((page) =>
      page
        .getByRole('form', { name: 'Confirm approval' })
        .getByRole('button', { name: /^Approve/ })
        .click(),
    ),
  );
  for (const page of pages) {
    await expect(page.getByText('Approved, and the call ran: the server reported success.').first()).toBeVisible();
  }
  expect(textOf(await call.answer)).toBe('{"race":"approve"}');
  expect(stack.upstream.calls).toHaveLength(before + 1);
  const approvals = await stack.prisma.vote.count({ where: { requestId: call.requestId, decision: 'approve' } });
  expect(approvals).toBe(1);
});

test('approve and deny at the same moment have one outcome, which both reviewers see (T04)', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 409/);
  const before = stack.upstream.calls.length;
  const call = await agent.hold('echo', { race: 'both' });
  const [ben, cleo] = [await browse(stack, BEN), await browse(stack, CLEO)];
  await openTray(await openRequest(ben, stack, call.requestId), 'approve');
  await openTray(await openRequest(cleo, stack, call.requestId), 'deny');
  await Promise.all([
    ben
      .getByRole('form', { name: 'Confirm approval' })
      .getByRole('button', { name: /^Approve/ })
      .click(),
    cleo.getByRole('form', { name: 'Confirm denial' }).getByRole('button', { name: /^Deny/ }).click(),
  ]);
  const ran = (await call.answer)?.isError !== true;
  const words = ran ? 'Approved, and the call ran' : 'Denied. The call did not run.';
  for (const page of [ben, cleo]) await expect(page.getByText(words).first()).toBeVisible();
  expect(stack.upstream.calls).toHaveLength(before + (ran ? 1 : 0));
});

test('approved while the agent is away: nothing runs until it comes back with the same call', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const gone = await connectAgent(stack, { name: 'wanderer' });
  const call = await gone.hold('echo', { patience: true });
  gone.vanish();
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await decideByPointer(ben, 'approve');
  await expect(ben.getByText('Approved. It runs once, when the agent takes it up.').first()).toBeVisible();
  expect(stack.upstream.calls).toHaveLength(before);

  const back = await reconnectAgent(stack, 'wanderer', gone.token);
  expect(textOf(await back.call('echo', { patience: true }))).toBe('{"patience":true}');
  await expect(ben.getByText('Approved, and the call ran: the server reported success.').first()).toBeVisible();
  expect(stack.upstream.calls).toHaveLength(before + 1);
  const again = await back.hold('echo', { patience: true });
  expect(again.requestId, 'an approval is used once').not.toBe(call.requestId);
  await back.close();
});

test('the owner of an agent cannot decide its calls: the button says why, and the API refuses (T07)', async ({
  browse,
}) => {
  const call = await agent.hold('echo', { self: 'approval' });
  const ana = await openRequest(await browse(stack, ANA), stack, call.requestId);
  const approve = ana.getByRole('button', { name: /^Approve…/ });
  await expect(approve).toHaveAttribute('aria-disabled', 'true');
  await expect(approve).toHaveAccessibleDescription(/own/i);
  const url = `${stack.consoleUrl}/api/v1/approvals/${call.requestId}`;
  const { digest } = await (await ana.request.get(url)).json();
  for (const decision of ['approve', 'deny']) {
    const answer = await ana.request.post(`${url}/votes`, {
      headers: { origin: stack.consoleUrl },
      data: { decision, digest },
    });
    expect(answer.status()).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'self-approval' });
  }
  await decideByPointer(await openRequest(await browse(stack, BEN), stack, call.requestId), 'deny');
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
});
