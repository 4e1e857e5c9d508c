import type { Page } from '@playwright/test';
import { startDrill } from '#lib/server/incidents/start-drill.ts';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf, faultsOnEveryScreen } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

let stack: Stack;
let pages: readonly string[];

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  const agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  const call = await agent.hold('echo', { path: '/srv/app/deploy.yaml', lines: ['a', 'b'], dry: false });
  const slow = await agent.hold('slow', { sql: 'SELECT 1', hidden: 'a\u202Eb' });
  await agent.vanish();
  const drill = await startDrill(stack, stack.admin, 'credential-leaked');
  if (!drill.ok) throw new Error(drill.error.code);
  pages = [
    '/',
    '/approvals',
    '/grants',
    '/exceptions',
    `/approvals/${call.requestId}`,
    `/approvals/${slow.requestId}`,
    '/servers',
    `/servers/${FILES}`,
    '/agents',
    '/agents/release-bot',
    '/policies',
    '/credentials',
    '/egress',
    '/audit',
    '/audit?entry=3',
    '/kill-switch',
    '/people',
    '/settings',
    '/welcome',
    '/rollout',
    '/calibration',
    '/red-team',
    '/incidents',
    `/incidents/${drill.value.id}`,
    '/docs/operators',
    '/nowhere',
  ];
});
test.afterAll(() => stack?.stop());

/** Half of the pages in each test: each is visited once, and looked at on every screen. */
for (const half of ['even', 'odd'] as const) {
  test(`the ${half} pages are without fault for axe and fit, at a desk, on a phone and at 320 pixels, in both themes`, async ({
    browse,
    watch,
  }) => {
    test.setTimeout(120_000);
    watch.expect(/status of 404/);
    const page = await browse(stack, ANA);
    const found: string[] = [];
    for (const path of pages.filter((_, i) => (i % 2 === 0) === (half === 'even'))) {
      await page.goto(`${stack.consoleUrl}${path}`);
      await page.evaluate(() => document.fonts.ready);
      for (const fault of await faultsOnEveryScreen(page)) found.push(`${path}: ${fault}`);
    }
    expect(found).toEqual([]);
  });
}

test('pages before sign-in and dialogs are without fault too', async ({ browse, watch }) => {
  test.setTimeout(90_000);
  watch.expect(/status of 4\d\d/);
  const found: string[] = [];
  const look = async (page: Page, what: string) => {
    for (const fault of await faultsOf(page)) found.push(`${what}: ${fault}`);
  };
  const stranger = await browse(stack, null, { viewport: PHONE });
  for (const path of ['/sign-in', '/setup', '/setup?token=not-a-token-that-was-ever-made']) {
    await stranger.goto(`${stack.consoleUrl}${path}`);
    await look(stranger, path);
  }
  const ana = await browse(stack, ANA, { viewport: DESK });
  for (const [path, button] of [
    ['/servers', 'Add a server'],
    ['/agents', 'Create an agent'],
    ['/credentials', 'Add a credential'],
    ['/egress', /^Allow|^Add/],
    ['/people', /^Invite/],
    ['/grants', 'Grant by hand'],
    ['/exceptions', 'Open a window'],
    ['/exceptions', 'Delegate my votes'],
    ['/', /Stop high-risk tools/],
  ] as const) {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await ana.getByRole('button', { name: button }).first().click();
    await expect(ana.getByRole('dialog')).toBeVisible();
    await look(ana, `${path}, ${String(button)}`);
  }
  expect(found).toEqual([]);
});
