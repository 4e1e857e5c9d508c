import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOnEveryScreen } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

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

test('the policy pages are without fault for axe and fit every screen, in both themes', async ({ browse }) => {
  test.setTimeout(90_000);
  const page = await browse(stack, ANA);
  const found: Record<string, readonly string[]> = {};
  const rows = await stack.prisma.policyVersion.findMany({ orderBy: { version: 'desc' }, take: 2 });
  for (const path of ['/policies', ...rows.map(({ version }) => `/policies/${version}`)]) {
    await page.goto(`${stack.consoleUrl}${path}`);
    await expect(page.getByRole('main').getByRole('heading', { level: 2 }).first()).toBeVisible();
    found[path] = await faultsOnEveryScreen(page);
  }
  await page.goto(`${stack.consoleUrl}/policies`);
  await page.getByRole('link', { name: 'Change the rules' }).click();
  await page.getByRole('button', { name: 'Edit hold-prod' }).click();
  await page.getByRole('button', { name: 'Another requirement' }).click();
  await page.getByRole('checkbox', { name: 'Only at certain times' }).click();
  await page.getByRole('textbox', { name: 'And only if' }).fill('args.path ==');
  found.editor = await faultsOnEveryScreen(page);
  await page.getByRole('button', { name: 'Remove requirement 1' }).click();
  await page.getByRole('textbox', { name: 'And only if' }).fill('args.path == "x"');
  await page.getByRole('button', { name: 'Simulate' }).click();
  await expect(page.getByRole('slider', { name: 'Hour of the day' })).toBeVisible();
  await page.getByText('The same as a table').click();
  found.simulation = await faultsOnEveryScreen(page);
  expect(Object.entries(found).flatMap(([place, those]) => those.map((fault) => `${place}: ${fault}`))).toEqual([]);
});
