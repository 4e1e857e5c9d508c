// The first page's charts and calibration: read by pointer, by keys, as a table and as a file; a plant told to whoever missed it.
import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { changeCalibration } from '#lib/server/calibration/calibration-settings.ts';
import { plantSoon } from '#lib/server/calibration/plan-plants.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { signInAs } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { decideByPointer, openRequest } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const HOSTILE = '=cmd|\u202e calc';
let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  const held = [await agent.hold('echo', { path: '/srv/a' }), await agent.hold('slow', { path: '/srv/b' })];
  await agent.vanish();
  const ben = await signInAs(stack, BEN);
  for (const [i, { requestId }] of held.entries()) {
    const { digest } = await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
    await castVote(stack, ben, { requestId, digest, decision: i === 0 ? 'approve' : 'deny' });
  }
  await stack.prisma.person.update({ where: { email: BEN }, data: { name: HOSTILE } });
});
test.afterAll(() => stack?.stop());

const chart = (page: Page, title: string): Locator =>
  page.locator('section', { has: page.locator(`> header > h2:text-is("${title}")`) });

async function csvOf(page: Page, title: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await chart(page, title).getByRole('button', { name: 'CSV' }).click();
  return readFileSync(await (await waiting).path(), 'utf8');
}

test('each chart is read by pointer, keys, table and file, over a range that stands in the address', async ({
  browse,
  watch,
}) => {
  const page = await browse(stack, ANA, { viewport: { width: 1440, height: 900 } });
  await page.goto(`${stack.consoleUrl}/`);
  const calls = chart(page, 'Calls by tier');
  const slider = calls.getByRole('slider', { name: 'Hour of the last 24' });
  await expect(slider).toHaveAttribute('aria-valuetext', /From \d\d:\d\d: 3 calls \(2 high, 0 medium, 1 low\)/, {
    timeout: 10_000,
  });
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(calls.locator('figcaption')).toContainText('0 calls');
  await page.keyboard.press('End');
  await expect(calls.locator('figcaption')).toContainText('3 calls');
  await slider.blur();
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the chart has no size');
  await page.mouse.move(box.x + box.width - 4, box.y + box.height / 2);
  await expect(calls.locator('figcaption')).toContainText('3 calls');
  await calls.getByText('Numbers').click();
  await expect(calls.getByRole('table').getByRole('row')).toHaveCount(25);
  expect(await csvOf(page, 'Calls by tier')).toMatch(/,2,0,1,0\r\n$/);
  expect(await csvOf(page, 'Decisions by tier')).toMatch(/,2,0,0,1,1,0\r\n$/);

  const reviewers = chart(page, 'Votes and time, by reviewer');
  await expect(reviewers.getByRole('row', { name: /calc.* 1 1/ })).toBeVisible();
  expect(await csvOf(page, 'Votes and time, by reviewer')).toContain("'=cmd|⟨U+202E⟩ calc,1,1,");
  await expect(reviewers).toContainText('each at most 15 minutes');
  await expect(chart(page, 'Decisions, by tool').getByRole('row', { name: /echo.* 1 0/ })).toBeVisible();
  await expect(chart(page, 'Waiting for a decision').getByRole('slider')).toHaveAttribute(
    'aria-valuetext',
    /2 decisions, half within/,
  );
  await expect(chart(page, 'Held and refused').getByRole('slider')).toHaveAttribute(
    'aria-valuetext',
    /2 of 3 calls held \(66\.7 %\)/,
  );
  expect(await faultsOf(page)).toEqual([]);

  await page.getByRole('radio', { name: '7 days' }).click();
  await expect(page).toHaveURL(/\?range=7d$/);
  await expect(calls.getByRole('slider', { name: 'Quarter of a day of the last 7 days' })).toBeVisible();
  await page.emulateMedia({ forcedColors: 'active' });
  await page.reload();
  await expect(calls.getByRole('slider')).toHaveAttribute('aria-valuetext', /3 calls/);
  const fill = await calls
    .locator('figcaption svg rect')
    .evaluateAll((all) => all.map((one) => `${getComputedStyle(one).fill} ${getComputedStyle(one).stroke}`));
  expect(new Set(fill).size, 'told apart without the tokens’ colours').toBeGreaterThanOrEqual(3);

  watch.expect(/status of 503/);
  await page.route('**/api/v1/statistics*', (route) =>
    route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' }),
  );
  await page.reload();
  await expect(calls.getByRole('button', { name: 'Try again' })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('heading', { name: 'Just now' })).toBeVisible();
});

test('a planted request looks like any other, whoever approves it is told at once, and figures are for whom they concern', async ({
  browse,
  watch,
}) => {
  const changed = await changeCalibration(stack, stack.admin, { enabled: true, server: 'ops-tools' });
  expect(changed.ok).toBe(true);
  await plantSoon(stack, stack.admin, 0);
  const request = await eventually('the plant to be opened', () =>
    stack.prisma.approvalRequest.findFirst({ where: { status: 'pending', serverName: 'ops-tools' } }),
  );
  const ben = await openRequest(await browse(stack, BEN), stack, request.id);
  await expect(ben.getByRole('main')).not.toContainText(/plant/i);
  await decideByPointer(ben, 'approve');
  const notice = ben.getByRole('status').filter({ hasText: 'You approved a planted request' });
  await expect(notice).toContainText('It could not run', { timeout: 10_000 });
  await notice.getByRole('button', { name: 'Understood' }).click();
  await expect(notice).toHaveCount(0);
  await ben.goto(`${stack.consoleUrl}/calibration`);
  await expect(ben.getByText('Planted requests caught')).toBeVisible();
  await expect(chart(ben, 'Your own decisions').getByText('0 of 1; with so few, 0 to 79 %').last()).toBeVisible();
  await expect(ben.getByRole('heading', { name: 'Planting' })).toHaveCount(0);
  watch.expect(/status of 403/);
  expect(await ben.evaluate(async () => (await fetch('/api/v1/calibration')).status)).toBe(403);

  const ana = await browse(stack, ANA, { colorScheme: 'dark' });
  await ana.goto(`${stack.consoleUrl}/calibration`);
  const plants = chart(ana, 'Planted requests');
  await expect(plants).toContainText('Missed');
  await expect(plants).toContainText(/approved after/);
  await expect(ana.getByRole('table', { name: 'How reviewers decide' })).toContainText('0 of 1');
  await ana.getByRole('button', { name: 'Plant one within the hour' }).click();
  await expect(ana.getByText('1 plant is planned or open.')).toBeVisible();
  expect(await faultsOf(ana)).toEqual([]);
});
