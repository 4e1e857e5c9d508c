// Every screen before there is anything, while its answers are on their way, and after the line went dead.
import type { Page } from '@playwright/test';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, addUpstream, type Stack, startNewStack } from '#tests/fixtures/stack.ts';
import { faultsNow, settle } from './fixtures/faults.ts';
import { SCREENS } from './fixtures/screens.ts';
import {
  goStale,
  holdAnswers,
  listenByPolling,
  MOST_SHIFT,
  picture,
  shiftOf,
  watchShift,
  wear,
} from './fixtures/states.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let filled = false;

test.beforeAll(async () => {
  stack = await startNewStack();
});
test.afterAll(() => stack?.stop());

/** A server, an agent, calls, and two more reviewers. */
async function fill(): Promise<void> {
  if (filled) return;
  filled = true;
  await addUpstream(stack);
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  await agent.hold('echo', { path: '/srv/app/deploy.yaml', dry: false });
  await agent.vanish();
}

const main = (page: Page) => page.getByRole('main');

test('a new installation: every screen says that it is empty, what belongs there, and that one reviewer is alone', async ({
  browse,
  watch,
}) => {
  test.setTimeout(180_000);
  watch.expect(/status of 404/);
  const page = await browse(stack, ANA);
  const found: string[] = [];
  for (const [turn, { path, empty }] of SCREENS.entries()) {
    if (empty === null) continue;
    await wear(page, turn);
    await page.goto(`${stack.consoleUrl}${path}`);
    await settle(page);
    await expect(main(page).getByText(empty).first(), path).toBeVisible();
    await expect(page.getByText('Solo install.')).toBeVisible();
    await picture(page, 'empty');
    for (const fault of await faultsNow(page)) found.push(`${path}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test('loading: every screen has its frame at once, says that it loads, and hardly moves when the answers come', async ({
  browse,
}) => {
  test.setTimeout(180_000);
  await fill();
  const page = await browse(stack, ANA);
  await watchShift(page);
  const found: string[] = [];
  for (const [turn, { path, part }] of SCREENS.entries()) {
    if (part === null) continue;
    await wear(page, turn + 1);
    const release = await holdAnswers(page);
    await page.goto(`${stack.consoleUrl}${path}`);
    await expect(
      main(page)
        .getByText(/^Loading/)
        .first(),
      path,
    ).toBeAttached();
    await expect(main(page).locator('[aria-busy="true"]').first()).toBeVisible();
    await picture(page, 'loading');
    for (const fault of await faultsNow(page)) found.push(`${path}: ${fault}`);
    await release();
    await settle(page);
    await expect(main(page).getByRole('alert')).toHaveCount(0);
    const shift = await shiftOf(page);
    if (shift > MOST_SHIFT) found.push(`${path}: jumps by ${shift.toFixed(3)}`);
    await picture(page, 'filled');
  }
  expect(found).toEqual([]);
});

test('offline: every screen keeps what it had, says since when it is stale, and goes on by itself', async ({
  browse,
  watch,
}) => {
  test.setTimeout(180_000);
  watch.expect(/ERR_INTERNET_DISCONNECTED|WebSocket connection|fetching the script/);
  await fill();
  const page = await browse(stack, ANA);
  // The page's clock, so that ten seconds without an answer need not be waited for.
  await listenByPolling(page);
  await page.clock.install();
  const found: string[] = [];
  for (const [turn, { path }] of SCREENS.entries()) {
    await wear(page, turn + 2);
    await page.goto(`${stack.consoleUrl}${path}`);
    await settle(page);
    const before = await main(page).getByRole('heading', { level: 1 }).allInnerTexts();
    const stale = await goStale(page);
    expect(await main(page).getByRole('heading', { level: 1 }).allInnerTexts(), path).toEqual(before);
    await expect(main(page).locator('[aria-busy="true"]'), path).toHaveCount(0);
    await expect(main(page).getByRole('alert')).toHaveCount(0);
    await picture(page, 'offline');
    // As with every banner: the whole of it once, its colours and its width everywhere.
    for (const fault of await faultsNow(page, turn === 0 ? undefined : 'colours')) found.push(`${path}: ${fault}`);
    await page.context().setOffline(false);
    await expect(stale, path).toBeHidden();
  }
  expect(found).toEqual([]);
});
