// Everything by keyboard, with the keys a person chose, and nothing by one key alone that matters.
import type { Page } from '@playwright/test';
import { type Call, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { inboxRow, openRequest, press } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let held: readonly Call[];

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  held = [
    await agent.hold('echo', { path: '/srv/first.yaml' }),
    await agent.hold('echo', { path: '/srv/second.yaml' }),
    await agent.hold('slow', { path: '/srv/third.yaml', note: '(.*)+$ <img src=x onerror=alert(1)>' }),
  ];
  await agent.vanish();
});
test.afterAll(() => stack?.stop());

const soon = { timeout: 400 };

async function openInbox(page: Page): Promise<readonly string[]> {
  await page.goto(`${stack.consoleUrl}/approvals`);
  await expect(page.locator('[data-row]')).toHaveCount(held.length);
  return page.locator('[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row') ?? ''));
}

test('the inbox is moved through, filtered, selected and opened by keys', async ({ browse }) => {
  const ben = await browse(stack, BEN);
  const [first = '', second = ''] = await openInbox(ben);
  await press(ben, 'j', () => expect(inboxRow(ben, first)).toBeFocused(soon));
  await press(ben, 'j', () => expect(inboxRow(ben, second)).toBeFocused(soon));
  await press(ben, 'k', () => expect(inboxRow(ben, first)).toBeFocused(soon));
  await ben.keyboard.press('x');
  await expect(ben.getByRole('region', { name: 'Selected requests' })).toContainText('1 request selected');
  await ben.keyboard.press('x');

  const filter = ben.getByRole('textbox', { name: 'Filter requests' });
  await ben.keyboard.press('/');
  await expect(filter).toBeFocused();
  await ben.keyboard.type('tool:slow third');
  await expect(ben.locator('[data-row]')).toHaveCount(1);
  await expect(ben).toHaveURL(/\/approvals\?q=tool%3Aslow\+third$/);
  await ben.keyboard.type(' nowhere');
  await expect(ben.getByText('None of them matches')).toBeVisible();
  await ben.keyboard.press('Escape');
  await expect(ben.locator('[data-row]')).toHaveCount(held.length);
  await filter.fill('second');
  await expect(ben.locator('[data-row]')).toHaveCount(1);
  await ben.keyboard.press('Enter');
  await press(ben, 'o', () => expect(ben).toHaveURL(/\/approvals\/[0-9a-f-]+\?q=second$/, soon));
  await expect(ben.getByRole('article')).toBeVisible();
  await ben.reload();
  await expect(filter).toHaveValue('second');
  await expect(ben.getByRole('article')).toBeVisible();
  await press(ben, 'Escape', () => expect(ben).toHaveURL(/\/approvals\?q=second$/, soon));
});

test('no single key decides: all of them pressed on an open high-risk request leave it waiting', async ({ browse }) => {
  const request = held[0]?.requestId ?? '';
  const ben = await openRequest(await browse(stack, BEN), stack, request);
  await expect(ben.getByRole('button', { name: /^Approve…/ })).not.toHaveAttribute('aria-disabled', 'true');
  for (const key of 'acdefgjkoruxyAD1 \n?'.split('')) {
    await ben.keyboard.press(key === '\n' ? 'Enter' : key === ' ' ? 'Space' : key);
    // Whatever opened is closed again, so that the next key is heard by the page.
    if ('ader?'.includes(key)) for (let n = 0; n < 2; n += 1) await ben.keyboard.press('Escape');
    if (!ben.url().endsWith(request)) await openRequest(ben, stack, request);
  }
  expect(await stack.prisma.vote.count({ where: { requestId: request } })).toBe(0);
  const { status } = await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request } });
  expect(status).toBe('pending');
});

test('keys are changed, refused where taken, switched off and reset, per person in this browser', async ({
  browse,
}) => {
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/settings/shortcuts`);
  const change = (what: string) => ben.getByRole('button', { name: `Change the key for: ${what}` });
  const listening = (what: string) => ben.getByRole('button', { name: `Press the new key for: ${what}` });
  await change('Next request').click();
  await listening('Next request').press('k');
  await expect(ben.getByRole('alert').filter({ hasText: 'k is taken: Previous request' })).toBeVisible();
  await listening('Next request').press('n');
  await expect(ben.getByText('Next request: n.')).toBeVisible();
  await ben.getByRole('button', { name: 'Switch off: Select it for a batch' }).click();
  expect(await faultsOf(ben)).toEqual([]);

  const [first = ''] = await openInbox(ben);
  await press(ben, 'n', () => expect(inboxRow(ben, first)).toBeFocused(soon));
  await ben.keyboard.press('x');
  await expect(ben.getByRole('region', { name: 'Selected requests' })).toBeHidden();
  await ben.keyboard.press('?');
  const sheet = ben.getByRole('dialog', { name: 'Keyboard' });
  const next = sheet.getByRole('listitem').filter({ hasText: 'Next request' });
  await expect(next.getByText('N', { exact: true })).toBeVisible();
  await expect(sheet.getByText('Select it for a batch')).toBeHidden();
  await sheet.getByRole('link', { name: /Change keys/ }).click();
  await ben.getByRole('button', { name: 'Reset all keys' }).click();
  await expect(ben.getByRole('button', { name: 'Reset: Next request' })).toBeHidden();
  await ben.getByRole('checkbox', { name: 'Single-key shortcuts' }).uncheck();
  await openInbox(ben);
  await ben.keyboard.press('j');
  await ben.keyboard.press('?');
  await expect(ben.getByRole('dialog')).toBeHidden();
  await expect(ben.locator('[data-row]:focus')).toHaveCount(0);
});

test('the palette finds pages, requests, servers, agents, people and actions, and shows hostile names as they are', async ({
  browse,
}) => {
  const ana = await browse(stack, ANA);
  await openInbox(ana);
  await ana.keyboard.press('Control+k');
  const palette = ana.getByRole('dialog', { name: 'Search everything' });
  const field = palette.getByRole('combobox');
  await expect(field).toBeFocused();
  expect(await faultsOf(ana)).toEqual([]);
  for (const [words, option] of [
    ['slow', /files · slow/],
    ['files http', /^.*files/],
    ['release-bot', /release-bot/],
    ['cleo', /Cleo/i],
    ['credent', /^Credentials/],
    ['shortcuts', /Keyboard shortcuts/],
    ['add a server', /Add a server/],
    ['sign out', /Sign out/],
  ] as const) {
    await field.fill(words);
    await expect(palette.getByRole('option', { name: option }).first()).toBeVisible();
  }
  await field.fill('(.*)+$ <img');
  await expect(palette.getByText('Nothing by that name is open to you.')).toBeVisible();
  await field.fill('theme: dark');
  await ana.keyboard.press('Enter');
  await expect(ana.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect(palette).toBeHidden();
  await ana.keyboard.press('Control+k');
  await expect(
    palette.getByRole('group', { name: 'Recent' }).getByRole('option', { name: /Theme: dark/ }),
  ).toBeVisible();
  await field.fill('stop high');
  await ana.keyboard.press('Enter');
  const kill = ana.getByRole('dialog', { name: /^Stop: high-risk tools/ });
  await expect(kill.getByRole('textbox')).toBeFocused();
  await ana.keyboard.press('Escape');
  await expect(kill).toBeHidden();
  await press(ana, 'Control+k', () => expect(palette).toBeVisible(soon));
  await field.fill('overview');
  await ana.keyboard.press('Enter');
  await expect(ana).toHaveURL(`${stack.consoleUrl}/`);
});
