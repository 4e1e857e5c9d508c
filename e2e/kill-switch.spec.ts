import { recordOf } from '#tests/fixtures/gateway.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

test('a kill while a call waits, in two clicks; low risk goes on; two people restore; the old request stays dead (T21-T23)', async ({
  browse,
}) => {
  const call = await agent.hold('echo', { deploy: 'now' });
  const running = await agent.hold('slow', { deploy: 'long' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  const cleo = await browse(stack, CLEO);
  await cleo.goto(stack.consoleUrl);

  await cleo
    .getByRole('banner')
    .getByRole('button', { name: /Stop high-risk tools/ })
    .click();
  await cleo.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await expect(cleo.getByRole('alert').filter({ hasText: /high-risk tools stopped by Cleo/i })).toBeVisible();

  await expect(ben.getByRole('alert').filter({ hasText: /high-risk tools stopped by Cleo/i })).toBeVisible();
  await expect(ben.getByText('Voided by the kill switch. The call did not run.').first()).toBeVisible();
  for (const held of [call, running]) expect(recordOf(await held.answer).code).toBe('killed');
  expect(stack.upstream.calls).toHaveLength(0);

  expect(textOf(await agent.call('steps', { low: 'risk' }))).toBe('{"low":"risk"}');
  expect(recordOf(await agent.call('echo', { another: 'one' })).code).toBe('killed');
  expect(stack.upstream.calls).toHaveLength(1);

  await cleo.getByRole('link', { name: 'Kill switch', exact: true }).first().click();
  await cleo.getByRole('button', { name: 'Restore…' }).click();
  const asking = cleo.getByRole('dialog');
  await asking.getByRole('textbox').fill('the drill is over');
  await asking.getByRole('button', { name: 'Open the restore' }).click();
  const own = cleo.getByRole('button', { name: 'Confirm and restore' });
  await expect(own).toHaveAttribute('aria-disabled', 'true');
  await expect(own).toHaveAccessibleDescription(/another person/);

  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/kill-switch`);
  await ana.getByRole('button', { name: 'Confirm and restore' }).click();
  await expect(ana.getByText('Nothing is stopped.')).toBeVisible();
  await expect(ben.getByRole('alert').filter({ hasText: 'stopped by' })).toBeHidden();
  await expect(ben.getByText('Voided by the kill switch. The call did not run.').first()).toBeVisible();

  const again = await agent.hold('echo', { deploy: 'now' });
  expect(again.requestId).not.toBe(call.requestId);
  expect(stack.upstream.calls).toHaveLength(1);
});

test('a kill cancels what runs, and its outcome is recorded as unknown (T21)', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('slow', { running: true });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await decideByPointer(ben, 'approve');
  await stack.upstream.arrived(before + 1);
  const cleo = await browse(stack, CLEO);
  await cleo.goto(stack.consoleUrl);
  await cleo.getByRole('button', { name: /Stop high-risk tools/ }).click();
  await cleo.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await expect(ben.getByText('The call was sent, but no outcome came back.').first()).toBeVisible();
  expect(recordOf(await call.answer).code).toBe('killed');
  await expect.poll(() => stack.upstream.cancelled.length).toBe(1);
});
