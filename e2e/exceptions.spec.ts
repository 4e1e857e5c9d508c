import type { Page } from '@playwright/test';
import { eventually } from '#tests/fixtures/gateway.ts';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { PASSWORD } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { decideByPointer, joinGroups, openRequest, openTray } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';
import { plugAuthenticator } from './fixtures/virtual-authenticator.ts';

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  await joinGroups(stack, BEN, ['on-call']);
  await applyHolds(stack, [{ name: 'two-for-echo', tools: ['echo'], quorum: 2 }]);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

const notices = (page: Page) => page.getByRole('region', { name: 'Notices' });

async function openExceptions(page: Page): Promise<Page> {
  await page.goto(`${stack.consoleUrl}/exceptions`);
  return page;
}

test('an observe window needs a second person, is seen by everybody, counts what passed, and ends with one', async ({
  browse,
}) => {
  const [ana, ben, cleo] = [await browse(stack, ANA), await browse(stack, BEN), await browse(stack, CLEO)];
  for (const page of [ana, ben, cleo]) await openExceptions(page);
  await ana.getByRole('button', { name: 'Open a window' }).click();
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Why').fill('first week: log only');
  await dialog.getByRole('button', { name: 'Ask for it' }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.getByText('Waits for a second person')).toBeVisible();
  const confirm = ana.getByRole('button', { name: 'Confirm: let calls pass' });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await expect(confirm).toHaveAccessibleDescription(/another person of admin or security/);
  const held = await agent.hold('echo', { before: true });

  await cleo.getByRole('button', { name: 'Confirm: let calls pass' }).click();
  await expect(cleo.getByText('Observing', { exact: true })).toBeVisible();
  for (const page of [ana, ben, cleo]) await expect(notices(page).getByText('Observe, not enforce.')).toBeVisible();
  await eventually('the gateway to know the window', async () => {
    const answer = await Promise.race([
      agent.call('echo', { during: true }),
      new Promise<null>((done) => setTimeout(done, 2_000, null)),
    ]);
    return answer === null ? undefined : textOf(answer) === '{"during":true}' || undefined;
  });
  await expect(async () => {
    await cleo.reload();
    // The page is there before its notices are: give each reload the time to fetch them.
    await expect(notices(cleo).getByText(/[1-9]\d* calls? passed that would have been stopped/)).toBeVisible({
      timeout: 3_000,
    });
  }).toPass({ timeout: 30_000 });

  await ana.getByRole('button', { name: 'Enforce again…' }).click();
  await ana.getByRole('dialog').getByRole('button', { name: 'Enforce', exact: true }).click();
  for (const page of [ana, ben, cleo]) await expect(notices(page).getByText('Observe, not enforce.')).toBeHidden();
  const after = await agent.hold('echo', { after: true });
  for (const call of [held, after]) {
    await decideByPointer(await openRequest(ben, stack, call.requestId), 'deny');
    await call.answer;
  }
});

test('break-glass: switched on by an admin, opened with a passkey, decides alone, is seen and reviewed', async ({
  browse,
}) => {
  const [ana, ben, cleo] = [await browse(stack, ANA), await browse(stack, BEN), await browse(stack, CLEO)];
  await ana.goto(`${stack.consoleUrl}/settings/exceptions`);
  await ana.getByRole('button', { name: 'Change…' }).click();
  const settings = ana.getByRole('dialog', { name: 'Undo and break-glass' });
  await settings.getByRole('checkbox', { name: /^Break-glass/ }).click();
  await settings.getByLabel('Its group').fill('on-call');
  await settings.getByLabel('Why').fill('nights with one person on duty');
  await settings.getByLabel('Your password').fill(PASSWORD);
  await settings.getByRole('button', { name: 'Save' }).click();
  await expect(settings).toBeHidden();
  await expect(ana.getByText('on, for the group on-call')).toBeVisible();

  await plugAuthenticator(ben);
  await ben.goto(`${stack.consoleUrl}/settings`);
  await ben.getByRole('button', { name: 'Add a passkey' }).click();
  const adding = ben.getByRole('dialog', { name: 'Add a passkey' });
  await adding.getByLabel('Name').fill('Key ring');
  await adding.getByLabel('Your password').fill(PASSWORD);
  await adding.getByRole('button', { name: 'Continue' }).click();
  await expect(adding).toBeHidden();

  await openExceptions(cleo);
  await expect(cleo.getByRole('button', { name: 'Break the glass…' })).toHaveAttribute('aria-disabled', 'true');
  await openExceptions(ben);
  await ben.getByRole('button', { name: 'Break the glass…' }).click();
  const opening = ben.getByRole('dialog', { name: 'Break the glass' });
  await opening.getByLabel('What is the emergency?').fill('payments are down');
  await opening.getByLabel('Ticket or incident').fill('INC-2041');
  await opening.getByRole('button', { name: 'Open with passkey' }).click();
  await expect(opening).toBeHidden();
  await expect(notices(ben).getByText(/you decide alone/)).toBeVisible();
  await expect(notices(cleo).getByText(/ben decides alone/)).toBeVisible();

  const call = await agent.hold('echo', { rollback: true });
  await openRequest(ben, stack, call.requestId);
  await openTray(ben, 'approve');
  await ben.getByRole('checkbox', { name: /Decide alone, under break-glass/ }).click();
  await ben.getByRole('button', { name: /^Approve with passkey/ }).click();
  expect(textOf(await call.answer)).toBe('{"rollback":true}');
  await expect(ben.getByText('break-glass', { exact: true }).first()).toBeVisible();

  await openExceptions(ben);
  await ben.getByRole('button', { name: 'End it now' }).click();
  for (const page of [ben, cleo]) await expect(notices(page).getByText(/alone/)).toBeHidden();
  await expect(ben.getByRole('button', { name: 'Review…' })).toHaveAttribute('aria-disabled', 'true');
  await cleo.getByRole('button', { name: 'Review…' }).click();
  const review = cleo.getByRole('dialog', { name: 'Review this session' });
  await review.getByLabel('What did you find?').fill('the rollback was right');
  await review.getByRole('button', { name: 'Close the review' }).click();
  await expect(cleo.getByText('Reviewed by cleo: “the rollback was right”')).toBeVisible();
});
