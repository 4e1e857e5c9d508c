import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const NARROW = { width: 320, height: 640 };

let stack: Stack;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { path: 'prod' });
  await agent.close();
  await applyHolds(stack, [{ name: 'hold-prod', tools: ['steps'] }]);
  await applyHolds(stack, [{ name: 'hold-prod', tools: ['steps'], quorum: 2 }]);
});
test.afterAll(() => stack?.stop());

/** Everything that axe finds wrong, and whether the page scrolls sideways. */
async function faults(page: Page): Promise<readonly string[]> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(' | ')}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
  return wide ? [...found, 'scrolls sideways'] : found;
}

for (const [name, viewport, colorScheme] of [
  ['a desk in light', DESK, 'light'],
  ['a desk in dark', DESK, 'dark'],
  ['a phone in light', PHONE, 'light'],
  ['a phone in dark', PHONE, 'dark'],
  ['the narrowest page', NARROW, 'light'],
] as const) {
  test(`the policy pages are without fault for axe and fit ${name}`, async ({ browse }) => {
    const page = await browse(stack, ANA, { viewport, colorScheme });
    const found: Record<string, readonly string[]> = {};
    const rows = await stack.prisma.policyVersion.findMany({ orderBy: { version: 'desc' }, take: 2 });
    for (const path of ['/policies', ...rows.map(({ version }) => `/policies/${version}`)]) {
      await page.goto(`${stack.consoleUrl}${path}`);
      await expect(page.getByRole('main').getByRole('heading', { level: 2 }).first()).toBeVisible();
      found[path] = await faults(page);
    }
    await page.goto(`${stack.consoleUrl}/policies`);
    await page.getByRole('link', { name: 'Change the rules' }).click();
    await page.getByRole('button', { name: 'Edit hold-prod' }).click();
    await page.getByRole('button', { name: 'Another requirement' }).click();
    await page.getByRole('checkbox', { name: 'Only at certain times' }).click();
    await page.getByRole('textbox', { name: 'And only if' }).fill('args.path ==');
    found.editor = await faults(page);
    await page.getByRole('button', { name: 'Remove requirement 1' }).click();
    await page.getByRole('textbox', { name: 'And only if' }).fill('args.path == "x"');
    await page.getByRole('button', { name: 'Simulate' }).click();
    await expect(page.getByRole('slider', { name: 'Hour of the day' })).toBeVisible();
    await page.getByText('The same as a table').click();
    found.simulation = await faults(page);
    expect(Object.entries(found).flatMap(([place, those]) => those.map((fault) => `${place}: ${fault}`))).toEqual([]);
  });
}
