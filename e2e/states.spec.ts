// Every screen before there is anything, and for somebody who may not.
import type { Page } from '@playwright/test';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, addUpstream, BEN, type Stack, startNewStack } from '#tests/fixtures/stack.ts';
import { faultsOf, settle } from './fixtures/faults.ts';
import { SCREENS } from './fixtures/screens.ts';
import { picture, wear } from './fixtures/states.ts';
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
    for (const fault of await faultsOf(page)) found.push(`${path}: ${fault}`);
  }
  expect(found).toEqual([]);
});

test('denied: a reviewer is told who may, in place of what they may not do', async ({ browse }) => {
  test.setTimeout(180_000);
  await fill();
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
    for (const fault of await faultsOf(page)) found.push(`${path}: ${fault}`);
  }
  expect(found).toEqual([]);
});
