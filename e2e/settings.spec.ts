import type { Page } from '@playwright/test';
import { ANA, addReviewers, BEN, CLEO, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const SECTIONS = [
  '',
  '/notifications',
  '/shortcuts',
  '/groups',
  '/sign-in',
  '/channels',
  '/exceptions',
  '/retention',
  '/keys',
  '/about',
];

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(() => stack?.stop());

const open = (page: Page, section: string) => page.goto(`${stack.consoleUrl}/settings${section}`);

test('every settings page on a narrow phone in dark, for somebody who may change nothing, is without fault for axe', async ({
  browse,
}) => {
  // Ten pages in one test, each looked through by axe; on other screens they are part of the states of every screen.
  test.slow();
  const page = await browse(stack, BEN, { viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
  const found: string[] = [];
  for (const section of SECTIONS) {
    await open(page, section);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const fault of await faultsOf(page)) found.push(`${section}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test('what one is told of, and when not, is kept', async ({ browse }) => {
  const page = await browse(stack, BEN);
  await open(page, '/notifications');
  const choice = page.getByRole('checkbox', { name: 'Escalations by E-mail' });
  const before = await choice.isChecked();
  await choice.click();
  await page.getByRole('checkbox', { name: /^Keep quiet/ }).click();
  await page.getByLabel('From').fill('21:30');
  await page.getByLabel('Time zone').fill('Nowhere/Land');
  await expect(page.getByRole('button', { name: 'Save' })).toHaveAccessibleDescription(/time zone/);
  await page.getByLabel('Time zone').fill('Europe/Berlin');
  await page.getByRole('checkbox', { name: 'Sat' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await page.reload();
  await expect(choice).toBeChecked({ checked: !before });
  await expect(page.getByLabel('From')).toHaveValue('21:30');
  await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin');
  await expect(page.getByRole('checkbox', { name: 'Sat' })).not.toBeChecked();
  await expect(page.getByText('There is no push channel yet')).toBeVisible();
});

test('a group is begun and changed, and the on-call order is arranged by keyboard alone', async ({ browse }) => {
  const page = await browse(stack, ANA);
  await open(page, '/groups');
  await page.getByRole('button', { name: 'New group' }).click();
  const group = page.getByRole('dialog', { name: 'New group' });
  await group.getByLabel('Name').fill('nights');
  await group.getByRole('checkbox', { name: /^ben/ }).click();
  await group.getByRole('checkbox', { name: /^cleo/ }).click();
  await group.getByRole('button', { name: 'Save' }).click();
  await expect(group).toBeHidden();
  await expect(page.getByRole('list', { name: 'Groups' }).getByText('ben, cleo')).toBeVisible();

  await open(page, '/channels');
  await page.getByRole('button', { name: 'New order' }).click();
  const order = page.getByRole('dialog', { name: 'New order' });
  await order.getByLabel('For requests that ask').selectOption('nights');
  await order.getByLabel('Add somebody').selectOption({ label: 'ben' });
  await order.getByLabel('Add somebody').selectOption({ label: 'cleo' });
  await order.getByRole('button', { name: 'Move cleo up' }).focus();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(order.getByRole('status').getByText('cleo is number 1 of 2.')).toBeAttached();
  await expect(order.getByRole('button', { name: 'Move cleo up' })).toBeFocused();
  await order.getByLabel('Why').fill('cleo has this week');
  await order.getByRole('button', { name: 'Save' }).click();
  await expect(order).toBeHidden();
  await expect(page.getByRole('list', { name: 'On call' }).getByRole('listitem').first()).toContainText(/1\s*cleo/);
});

test('another retention is proposed by one person, seen with what it would erase, and agreed to by another', async ({
  browse,
}) => {
  const [ana, cleo] = [await browse(stack, ANA), await browse(stack, CLEO)];
  await open(ana, '/retention');
  await ana.getByRole('button', { name: 'Change…' }).click();
  const dialog = ana.getByRole('dialog', { name: /^How long/ });
  await dialog.getByLabel('Days').fill('20');
  await expect(dialog.getByText('From 30 to 3650.')).toBeVisible();
  await dialog.getByLabel('Days').fill('90');
  await expect(dialog.getByText(/it would erase nothing today/)).toBeVisible();
  await dialog.getByLabel('Why').fill('no longer than we need them');
  await dialog.getByRole('button', { name: 'Propose' }).click();
  await expect(dialog).toBeHidden();
  const agree = ana.getByRole('button', { name: 'Agree' });
  await expect(agree).toHaveAccessibleDescription(/another person/);

  await open(cleo, '/retention');
  await cleo.getByRole('button', { name: 'Agree' }).click();
  await expect(cleo.getByText('Agreed, not yet in force')).toBeVisible();
  await expect(cleo.getByText('Kept for ever', { exact: true })).toBeVisible();
  await cleo.getByRole('button', { name: 'Take it back' }).click();
  await expect(cleo.getByText('Taken back', { exact: true })).toBeVisible();
});
