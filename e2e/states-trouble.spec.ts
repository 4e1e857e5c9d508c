// Every screen when a part of it fails, for somebody who may not, and while tools are stopped.
import type { Page } from '@playwright/test';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsNow, settle } from './fixtures/faults.ts';
import { SCREENS } from './fixtures/screens.ts';
import { AWAY, failPart, picture, wear } from './fixtures/states.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  await agent.hold('echo', { path: '/srv/app/deploy.yaml', dry: false });
  await agent.vanish();
});
test.afterAll(() => stack?.stop());

const main = (page: Page) => page.getByRole('main');

test('partial failure: the part that failed says why and can be tried again; the rest of the screen stands', async ({
  browse,
  watch,
}) => {
  test.setTimeout(180_000);
  watch.expect(/status of 503/);
  const page = await browse(stack, ANA);
  const found: string[] = [];
  for (const [turn, { path, part }] of SCREENS.entries()) {
    if (part === null) continue;
    await wear(page, turn);
    const mend = await failPart(page, part);
    await page.goto(`${stack.consoleUrl}${path}`);
    const refusal = main(page).getByRole('alert').filter({ hasText: AWAY.title }).first();
    await expect(refusal, path).toBeVisible();
    await expect(refusal).toContainText(AWAY.next);
    await expect(refusal.getByRole('link', { name: AWAY.code })).toHaveAttribute('href', `/docs/errors#${AWAY.code}`);
    await settle(page);
    await expect(page.getByRole('heading', { level: 1 })).toBeAttached();
    await picture(page, 'failed');
    for (const fault of await faultsNow(page)) found.push(`${path}: ${fault}`);
    await mend();
    // The page tries by itself as well, and may be first: then there is no button to press.
    await refusal
      .getByRole('button', { name: 'Try again' })
      .click({ timeout: 2000 })
      .catch(() => undefined);
    await expect(main(page).getByRole('alert').filter({ hasText: AWAY.title }), path).toHaveCount(0);
  }
  expect(found).toEqual([]);
});

test('denied: a reviewer is told who may, in place of what they may not do', async ({ browse }) => {
  test.setTimeout(180_000);
  const page = await browse(stack, BEN);
  const found: string[] = [];
  for (const [turn, { path, denied }] of SCREENS.entries()) {
    if (denied === null) continue;
    await wear(page, turn + 1);
    await page.goto(`${stack.consoleUrl}${path}`);
    await settle(page);
    if ('words' in denied) {
      await expect(main(page).getByText(denied.words, { exact: true }), path).toBeVisible();
    } else {
      const button = page.getByRole('button', { name: denied.button }).first();
      await expect(button, path).toHaveAttribute('aria-disabled', 'true');
      await expect(button).toHaveAccessibleDescription(denied.because);
    }
    await picture(page, 'denied');
    for (const fault of await faultsNow(page)) found.push(`${path}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test('killed: every screen says what is stopped, by whom and why, and leads to the switch', async ({ browse }) => {
  test.setTimeout(180_000);
  const killed = await kill(stack, stack.admin, { scope: 'high-risk', reason: 'a strange deploy' });
  expect(killed.ok).toBe(true);
  const page = await browse(stack, BEN);
  const found: string[] = [];
  for (const [turn, { path }] of SCREENS.entries()) {
    await wear(page, turn + 2);
    await page.goto(`${stack.consoleUrl}${path}`);
    const banner = page.getByRole('alert').filter({ hasText: /high-risk tools stopped by Ana.*“a strange deploy”/i });
    await expect(banner, path).toBeVisible();
    await expect(banner.getByRole('link', { name: 'Kill switch' })).toHaveAttribute('href', '/kill-switch');
    await settle(page);
    await picture(page, 'killed');
    // The banner is the same everywhere; what it does to a page is its width and its colours.
    for (const fault of await faultsNow(page, turn === 0 ? undefined : 'colours')) found.push(`${path}: ${fault}`);
  }
  expect(found).toEqual([]);
});
