import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const SENTENCE =
  /release-bot may call echo of files at most 3 times, up to tier high, where args\.repo == "acme\/site"\./;
let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  await applyHolds(stack, [{ name: 'two-for-echo', tools: ['echo'], quorum: 2 }]);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

test('a grant from a request: what fits passes and is counted, what does not is held, and a revoked one is over', async ({
  browse,
}) => {
  const first = await agent.hold('echo', { repo: 'acme/site', commit: 'a1' });
  const ben = await openRequest(await browse(stack, BEN), stack, first.requestId);
  await ben.getByRole('button', { name: 'Propose a grant' }).click();
  const dialog = ben.getByRole('dialog');
  // Everything is held fast until it is unticked.
  await expect(dialog.getByText('where args.commit == "a1" && args.repo == "acme/site"')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'args.commit == "a1"' }).click();
  await dialog.getByLabel('Uses at most').fill('3');
  await dialog.getByLabel('Why').fill('release day');
  await expect(dialog.getByText(SENTENCE)).toBeVisible();
  await expect(dialog.getByText('Needs 2 people, as this request does.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog.getByText('The grant is proposed, and waits for votes.')).toBeVisible();

  // The request itself is not decided by it, and one vote is not enough.
  const early = await agent.hold('echo', { repo: 'acme/site', commit: 'a2' });
  const cleo = await browse(stack, CLEO);
  await cleo.goto(`${stack.consoleUrl}/grants`);
  await expect(cleo.getByText(SENTENCE)).toBeVisible();
  await expect(cleo.getByText('1 of 2 needed')).toBeVisible();
  await cleo.getByRole('button', { name: 'Approve…' }).click();
  await cleo.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click();
  await expect(cleo.getByText('In force', { exact: true })).toBeVisible();
  await expect(cleo.getByText('0 of 3 used, 3 left')).toBeVisible();

  expect(textOf(await agent.call('echo', { repo: 'acme/site', commit: 'b1' }))).toBe(
    '{"commit":"b1","repo":"acme/site"}',
  );
  await expect(cleo.getByText('1 of 3 used, 2 left')).toBeVisible();
  const other = await agent.hold('echo', { repo: 'acme/payments', commit: 'b1' });
  await expect(cleo.getByText('1 of 3 used, 2 left')).toBeVisible();

  await cleo.getByRole('button', { name: 'Revoke…' }).click();
  await cleo.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(cleo.getByText('No grant is live')).toBeVisible();
  await cleo.getByRole('radio', { name: 'Ended' }).click();
  await expect(cleo.getByText('Revoked', { exact: true })).toBeVisible();
  const after = await agent.hold('echo', { repo: 'acme/site', commit: 'b2' });

  for (const call of [first, early, other, after]) {
    await decideByPointer(await openRequest(ben, stack, call.requestId), 'deny');
    await call.answer;
  }
});

test('a grant by hand waits for the same people, and one denial ends it', async ({ browse, watch }) => {
  watch.expect(/status of 422/);
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/grants`);
  await ben.getByRole('button', { name: 'Grant by hand' }).click();
  const dialog = ben.getByRole('dialog');
  await dialog.getByLabel('Agent').selectOption('release-bot');
  await dialog.getByLabel('Server').selectOption('files');
  await dialog.getByLabel('Tool').fill('echo');
  await dialog.getByLabel('Only where').fill('args.repo == ');
  await dialog.getByLabel('Why').fill('nightly run');
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Only where').fill('args.repo == "acme/nightly"');
  await dialog.getByRole('button', { name: 'Propose', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(ben.getByText('Proposed', { exact: true })).toBeVisible();

  const cleo = await browse(stack, CLEO);
  await cleo.goto(`${stack.consoleUrl}/grants`);
  await cleo.getByRole('button', { name: 'Deny…' }).click();
  await cleo.getByRole('dialog').getByRole('button', { name: 'Deny', exact: true }).click();
  for (const page of [cleo, ben]) await expect(page.getByText('No grant is live')).toBeVisible();
});
