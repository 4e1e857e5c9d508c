import type { Page } from '@playwright/test';
import { recordOf } from '#tests/fixtures/gateway.ts';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import {
  decideByKeyboard,
  decideByPointer,
  inboxRow,
  joinGroups,
  openRequest,
  openTray,
  press,
} from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const DAN = 'dan@example.com';
const RAN = 'Approved, and the call ran: the server reported success.';
let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  await addPerson(stack, 'dan', ['reviewer']);
  await joinGroups(stack, BEN, ['platform']);
  await joinGroups(stack, CLEO, ['watch']);
  await applyHolds(stack, [
    {
      name: 'platform-and-watch',
      tools: ['echo'],
      factors: [
        { groups: ['platform'], count: 1 },
        { groups: ['watch'], count: 1 },
      ],
    },
    { name: 'time-to-think', tools: ['slow'], undo: '25s' },
    { name: 'ask-on', tools: ['broken'], escalate: [{ after: '10m', groups: ['watch'] }] },
    { name: 'steps-too', tools: ['steps'] },
  ]);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

const bar = (page: Page) => page.getByRole('region', { name: 'Decision' });
const votes = (page: Page) =>
  page.getByRole('region', { name: 'Votes' }).or(page.locator('section', { hasText: /^Votes/ }));

test('a call that two groups must approve runs when the second one has, and both pages say who is missing', async ({
  browse,
}) => {
  const call = await agent.hold('echo', { deploy: 'site' });
  const [ben, cleo] = [await browse(stack, BEN), await browse(stack, CLEO)];
  for (const page of [ben, cleo]) await openRequest(page, stack, call.requestId);
  await expect(bar(ben).getByText('platform missing')).toBeVisible();
  await decideByKeyboard(ben, 'approve', 'looks right');
  for (const page of [ben, cleo]) {
    await expect(bar(page).getByText('1 of 2 needed')).toBeVisible();
    await expect(bar(page).getByText('watch missing')).toBeVisible();
    await expect(bar(page).getByText('platform missing')).toBeHidden();
  }
  await expect(bar(ben).getByText('You approved this.').filter({ visible: true })).toBeVisible();
  await decideByPointer(cleo, 'approve');
  for (const page of [ben, cleo]) await expect(page.getByText(RAN).first()).toBeVisible();
  expect(textOf(await call.answer)).toBe('{"deploy":"site"}');
});

test('somebody else takes an approval back inside its undo window: nothing runs', async ({ browse }) => {
  const before = stack.upstream.calls.length;
  const call = await agent.hold('slow', { drop: 'index' });
  const [ben, cleo] = [await browse(stack, BEN), await browse(stack, CLEO)];
  for (const page of [ben, cleo]) await openRequest(page, stack, call.requestId);
  await decideByPointer(ben, 'approve');
  await expect(bar(cleo).getByText('Approved. It runs when the undo window closes.').last()).toBeVisible();
  await expect(bar(cleo).getByRole('button', { name: /^Undo/ })).toBeVisible();
  await press(cleo, 'u', () =>
    expect(cleo.getByText('Denied. The call did not run.').first()).toBeVisible({ timeout: 2_000 }),
  );
  await expect(ben.getByText('Denied. The call did not run.').first()).toBeVisible();
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
  expect(stack.upstream.calls).toHaveLength(before);
});

test('a vote that is withdrawn no longer counts, and stays to be seen', async ({ browse }) => {
  const call = await agent.hold('echo', { deploy: 'later' });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await decideByPointer(ben, 'approve');
  await expect(bar(ben).getByText('1 of 2 needed')).toBeVisible();
  await ben.getByRole('button', { name: 'Withdraw my vote…' }).click();
  await ben.getByRole('dialog').getByRole('button', { name: 'Withdraw', exact: true }).click();
  await expect(ben.getByText('withdrawn', { exact: true })).toBeVisible();
  await expect(bar(ben).getByText('0 of 2 needed')).toBeVisible();
  await decideByPointer(ben, 'deny');
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
});

test('the next people are asked by key, once, and only after a confirmation', async ({ browse }) => {
  const call = await agent.hold('broken', { stuck: true });
  const ben = await openRequest(await browse(stack, BEN), stack, call.requestId);
  await expect(ben.getByText(/by itself in \d+:\d\d/)).toBeVisible();
  const dialog = ben.getByRole('dialog', { name: 'Ask watch now?' });
  await press(ben, 'e', () => expect(dialog).toBeVisible({ timeout: 500 }));
  await dialog.getByRole('button', { name: 'Ask now' }).click();
  await expect(ben.getByText('Asked by now: watch.')).toBeVisible();
  await expect(ben.getByText('Everybody this rule names is asked.')).toBeVisible();
  await decideByPointer(ben, 'deny');
  expect(recordOf(await call.answer).code).toBe('denied-by-human');
});

test('a delegate votes in the place of somebody, and it is shown as theirs for them', async ({ browse }) => {
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/exceptions`);
  await ben.getByRole('button', { name: 'Delegate my votes' }).click();
  const dialog = ben.getByRole('dialog');
  await dialog.getByLabel('Who votes for you').selectOption({ label: 'dan' });
  await dialog.getByLabel('Why').fill('on holiday');
  await dialog.getByRole('button', { name: 'Delegate', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(ben.getByText('“on holiday”')).toBeVisible();

  const call = await agent.hold('echo', { deploy: 'by proxy' });
  const dan = await openRequest(await browse(stack, DAN), stack, call.requestId);
  const commit = await openTray(dan, 'approve');
  await dan.getByLabel('Whose vote is it?').selectOption({ label: 'In the place of ben' });
  await commit.click();
  await expect(bar(dan).getByText('watch missing')).toBeVisible();
  await expect(votes(dan).getByText('dan for ben').first()).toBeVisible();
  const cleo = await openRequest(await browse(stack, CLEO), stack, call.requestId);
  await expect(votes(cleo).getByText('dan for ben').first()).toBeVisible();
  await decideByPointer(cleo, 'approve');
  expect(textOf(await call.answer)).toBe('{"deploy":"by proxy"}');

  await ben.getByRole('button', { name: 'Revoke…' }).click();
  await ben.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(ben.getByText('Revoked', { exact: true })).toBeVisible();
});

test('several calls are decided from a frozen list: alike and harmless ones approved, any denied (T17)', async ({
  browse,
}) => {
  const steps = [await agent.hold('steps', { n: 1 }), await agent.hold('steps', { n: 2 })];
  const high = await agent.hold('echo', { n: 3 });
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/approvals`);
  // No key is heard before it is known whose keys they are.
  await expect(ben.getByRole('button', { name: 'account of ben' })).toBeVisible();
  const select = async (id: string) => {
    await inboxRow(ben, id).focus();
    await ben.keyboard.press('x');
  };
  const selected = ben.getByRole('region', { name: 'Selected requests' });
  for (const { requestId } of [...steps, high]) {
    await expect(inboxRow(ben, requestId)).toBeVisible();
    await select(requestId);
  }
  await expect(selected.getByText('3 requests selected')).toBeVisible();
  const approve = selected.getByRole('button', { name: 'Approve…' });
  await expect(approve).toHaveAttribute('aria-disabled', 'true');
  await expect(selected.getByText('High risk is approved one by one.').filter({ visible: true })).toBeVisible();
  await select(high.requestId);
  await expect(selected.getByText('2 requests selected')).toBeVisible();
  const late = await agent.hold('steps', { n: 4 });
  await expect(inboxRow(ben, late.requestId)).toBeVisible();

  await approve.click();
  const dialog = ben.getByRole('dialog', { name: 'Approve 2 requests' });
  const commit = dialog.getByRole('button', { name: 'Approve 2' });
  await expect(commit).toHaveCSS('opacity', '1');
  await commit.click();
  await expect(dialog.getByText('2 votes counted.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).first().click();
  for (const call of steps) expect((await call.answer)?.isError).not.toBe(true);

  for (const { requestId } of [late, high]) await select(requestId);
  await selected.getByRole('button', { name: 'Deny…' }).click();
  const denial = ben.getByRole('dialog', { name: 'Deny 2 requests' });
  const deny = denial.getByRole('button', { name: 'Deny 2' });
  await expect(deny).toHaveCSS('opacity', '1');
  await deny.click();
  await expect(denial.getByText('2 votes counted.')).toBeVisible();
  for (const call of [late, high]) expect(recordOf(await call.answer).code).toBe('denied-by-human');
});
