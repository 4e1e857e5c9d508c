// The red team: set up by an admin, run through the real gateway, read as score, trend and families.
import type { Page } from '@playwright/test';
import { ANA, addReviewers, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(() => stack?.stop());

const card = (page: Page, title: string) =>
  page.locator('section', { has: page.locator(`> header > h2:text-is("${title}")`) });

test('an admin sets it up and runs it, and every guardrail holds', async ({ browse }) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${stack.consoleUrl}/red-team`);
  await page.getByRole('button', { name: 'Set up the red team' }).click();
  await expect(page.getByText('No run yet')).toBeVisible();
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByRole('status').filter({ hasText: /run waits|run begins|scenarios played/ })).toBeVisible();
  await expect(page.getByText('100 %', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Every guardrail that was attacked holds.')).toBeVisible();
  await expect(card(page, 'Trend by week').getByRole('slider')).toHaveAttribute('aria-valuetext', /held \(100 %\)/);
  await expect(card(page, 'Score by family').getByRole('row', { name: /^Approval bypass 7 0/ })).toBeVisible();
});
