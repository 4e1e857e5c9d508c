import type { Page } from '@playwright/test';
import { connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf, isTooWide, settle } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
/** The narrowest page that must work without scrolling sideways (WCAG 1.4.10). */
const NARROW = { width: 320, height: 640 };

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
    '/calibration',
    '/docs/operators',
    '/nowhere',
  ];
});
test.afterAll(() => stack?.stop());

for (const colorScheme of ['light', 'dark'] as const) {
  for (const [name, viewport] of [
    ['a desk', DESK],
    ['a phone', PHONE],
  ] as const) {
    test(`every page on ${name} in ${colorScheme} is without fault for axe and fits its width`, async ({
      browse,
      watch,
    }) => {
      test.setTimeout(120_000);
      watch.expect(/status of 404/);
      const page = await browse(stack, ANA, { viewport, colorScheme });
      const found: string[] = [];
      for (const path of pages) {
        await page.goto(`${stack.consoleUrl}${path}`);
        for (const fault of await faultsOf(page)) found.push(`${path}: ${fault}`);
      }
      expect(found).toEqual([]);
    });
  }
}

test('pages before sign-in, dialogs and the widest narrow case are without fault too', async ({ browse, watch }) => {
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
  const narrow = await browse(stack, BEN, { viewport: NARROW });
  for (const path of pages) {
    await narrow.goto(`${stack.consoleUrl}${path}`);
    await settle(narrow);
    if (await isTooWide(narrow)) found.push(`${path} at 320 pixels: scrolls sideways`);
  }
  expect(found).toEqual([]);
});
