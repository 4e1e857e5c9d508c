// The red team: set up, run through the real gateway, read on the map and in a replay, a gap accepted.
import type { Page } from '@playwright/test';
import { leaveRedRun, setUp } from '#tests/fixtures/red-team.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(() => stack?.stop());

const card = (page: Page, title: string) =>
  page.locator('section', { has: page.locator(`> header > h2:text-is("${title}")`) });

test('an admin sets it up and runs it: every guardrail holds, and a replay says what came and where the log has it', async ({
  browse,
}) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${stack.consoleUrl}/red-team`);
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Set up the red team' }).click();
  await expect(page.getByText('No run yet')).toBeVisible();
  await page.getByRole('button', { name: 'Run now' }).click();
  await expect(page.getByRole('status').filter({ hasText: /run waits|run begins|scenarios played/ })).toBeVisible();
  await expect(page.getByText('100 %', { exact: true }).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Every guardrail that was attacked holds.')).toBeVisible();
  await expect(card(page, 'Trend by week').getByRole('slider')).toHaveAttribute('aria-valuetext', /held \(100 %\)/);
  await expect(card(page, 'Score by family').getByRole('row', { name: /^Approval bypass 7 0/ })).toBeVisible();

  expect(await faultsOf(page)).toEqual([]);
  const scenario = page.getByRole('button', { name: /^A tool that was never declared/ });
  await scenario.focus();
  await page.keyboard.press('Enter');
  const replay = page.getByRole('dialog', { name: 'A tool that was never declared' });
  await expect(replay.getByText('Expected: blocked (unknown-tool)')).toBeVisible();
  await expect(replay.getByText('Came: blocked (unknown-tool)')).toBeVisible();
  expect(await faultsOf(page)).toEqual([]);
  await replay.getByRole('link', { name: /^In the log/ }).click();
  await expect(page.getByText('red-team was refused red-team-sink').first()).toBeVisible();
  expect(await stack.prisma.approvalRequest.count({ where: { status: 'pending' } })).toBe(0);
});

test('what regressed stands out, an admin accepts it for a while, and somebody else may only look', async ({
  browse,
}) => {
  await setUp(stack);
  const run = await leaveRedRun(stack, {
    'agent-votes': 'regressed',
    'secret-in-disguise': 'weak',
    'metadata-service': 'unproven',
  });
  const page = await browse(stack, ANA, { viewport: { width: 390, height: 844 }, colorScheme: 'dark' });
  await page.goto(`${stack.consoleUrl}/red-team`);
  await expect(page.getByText('1 gets through, 1 is unproven, 1 is weak.')).toBeVisible();
  await page.getByRole('button', { name: /^An agent approves its own call · Regressed/ }).click();
  const replay = page.getByRole('dialog', { name: 'An agent approves its own call' });
  await replay.getByLabel('Why').fill('The proxy before the console is being replaced.');
  expect(await faultsOf(page)).toEqual([]);
  await replay.getByRole('button', { name: 'Accept the gap' }).click();
  await expect(replay.getByText(/^Accepted by Ana until/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(card(page, 'Known gaps')).toContainText('The proxy before the console is being replaced.');
  expect(await faultsOf(page)).toEqual([]);

  const ben = await browse(stack, BEN, { viewport: { width: 320, height: 640 } });
  await ben.goto(`${stack.consoleUrl}/red-team/${run}`);
  await expect(ben.getByText('1 gets through, 1 is unproven, 1 is weak.')).toBeVisible();
  expect(await faultsOf(ben)).toEqual([]);
  await ben.getByRole('link', { name: 'The red team', exact: true }).click();
  await expect(ben.getByRole('button', { name: 'Run now' })).toHaveAttribute('aria-disabled', 'true');
});
