// Five minutes with the demo, in the order in which one would show it. Every scene must be there; with UPDATE_IMAGES=1
// the pictures of README and docs are taken anew.
import { readdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { type DemoStack, startDemoStack } from '#tests/fixtures/demo-stack.ts';
import { SCALE, takePicture, UPDATES_IMAGES } from './fixtures/pictures.ts';
import { openTray } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const PICTURES = [
  'agent',
  'approvals',
  'approvals-phone',
  'audit',
  'errors',
  'first-hour',
  'incident',
  'kill-switch',
  'overview',
  'policies',
  'red-team',
  'rollout',
  'server',
] as const;

test.describe.configure({ mode: 'serial' });
let stack: DemoStack;
test.beforeAll(async () => {
  test.setTimeout(120_000);
  stack = await startDemoStack();
});
test.afterAll(() => stack?.stop());

async function signIn(page: Page, email: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/sign-in`);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(stack.passwordOf(email));
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
}

/** Opens the request of a tool from the inbox, as soon as the agents have asked for it. */
async function openCall(page: Page, tool: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/approvals`);
  const row = page.locator('[data-row]').filter({ hasText: new RegExp(`· ${tool}`) });
  await expect(row.first()).toBeVisible({ timeout: 30_000 });
  await page.goto(`${stack.consoleUrl}${await row.first().getAttribute('href')}`);
  await expect(page.getByRole('article')).toContainText(tool);
}

test('a reviewer sees what would run, approves a release and denies a command', async ({ browse }, info) => {
  test.setTimeout(UPDATES_IMAGES ? 240_000 : 90_000);
  const look = { viewport: DESK, deviceScaleFactor: SCALE };
  const cleo = await browse(stack, null, look);
  await signIn(cleo, 'cleo@example.com');
  await openCall(cleo, 'exec');
  await openCall(cleo, 'deploy');
  await takePicture(cleo, info, 'approvals');

  const storageState = await cleo.context().storageState();
  const phone = await browse(stack, null, { ...look, viewport: PHONE, storageState, colorScheme: 'dark' });
  await phone.goto(cleo.url());
  await expect(phone.getByRole('article')).toContainText('deploy');
  await takePicture(phone, info, 'approvals-phone');

  const approval = await openTray(cleo, 'approve');
  await approval.click();
  await expect(cleo.getByText(/Approved/).first()).toBeVisible();
  await openCall(cleo, 'exec');
  const denial = await openTray(cleo, 'deny');
  await cleo.getByRole('form', { name: 'Confirm denial' }).getByRole('textbox').fill('not while the release runs');
  await denial.click();
  await expect(cleo.getByText('not while the release runs').first()).toBeVisible();
});

test('an admin looks around, security follows one call, and the dangerous half is stopped', async ({
  browse,
}, info) => {
  test.setTimeout(UPDATES_IMAGES ? 300_000 : 120_000);
  const ana = await browse(stack, null, { viewport: DESK, deviceScaleFactor: SCALE });
  await signIn(ana, 'ana@example.com');
  // Enough for charts to have something to say.
  if (UPDATES_IMAGES) {
    await expect.poll(() => stack.prisma.auditEntry.count(), { timeout: 150_000 }).toBeGreaterThan(150);
  }
  const show = async (path: string, heading: string, picture: (typeof PICTURES)[number]) => {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await expect(ana.getByRole('heading', { level: 1 })).toContainText(heading);
    await takePicture(ana, info, picture);
  };
  await show('/', 'Overview', 'overview');
  await show('/welcome', 'First hour', 'first-hour');
  await show('/servers/everything', 'everything', 'server');
  await show('/policies', 'Policies', 'policies');
  await show('/docs/errors', 'Errors', 'errors');
  await show('/rollout', 'Rollout', 'rollout');

  await ana.goto(`${stack.consoleUrl}/agents?add=1`);
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('docs-writer');
  await dialog.getByLabel('Client', { exact: true }).selectOption('OpenClaw');
  await dialog.getByRole('checkbox', { name: 'everything', exact: true }).check();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await dialog.getByRole('link', { name: 'Connect it' }).click();
  await expect(ana.getByText('Waiting for the first call of docs-writer')).toBeVisible();
  await takePicture(ana, info, 'agent');

  await ana.goto(`${stack.consoleUrl}/audit?type=request.denied`);
  await ana.getByRole('listitem').getByRole('button').first().click();
  await expect(ana.getByLabel('Exact text of the entry')).toBeVisible();
  await takePicture(ana, info, 'audit');

  await ana.goto(`${stack.consoleUrl}/red-team`);
  await ana.getByRole('button', { name: 'Set up the red team' }).click();
  await ana.getByRole('button', { name: 'Run now' }).click();
  await expect(ana.getByText('Every guardrail that was attacked holds.')).toBeVisible({ timeout: 45_000 });
  await takePicture(ana, info, 'red-team');

  await ana
    .getByRole('banner')
    .getByRole('button', { name: /Stop high-risk tools/ })
    .click();
  await ana.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await ana.goto(`${stack.consoleUrl}/kill-switch`);
  await expect(ana.getByRole('button', { name: 'Restore…' })).toBeVisible();
  await takePicture(ana, info, 'kill-switch');

  await ana.goto(`${stack.consoleUrl}/incidents`);
  await ana
    .getByRole('main')
    .getByRole('link', { name: /stopped/i })
    .first()
    .click();
  await ana.getByRole('button', { name: 'Take it' }).click();
  await expect(ana.getByRole('heading', { level: 1 })).toContainText('You have it');
  await takePicture(ana, info, 'incident');
});

test('every picture of the documentation is one that this tour takes', () => {
  expect(readdirSync('docs/images').toSorted()).toEqual(PICTURES.map((name) => `${name}.png`).toSorted());
});
