// T45: the product for somebody without a pointer, with a screen reader, at 200 and 400 %, in forced colours.
import type { Page } from '@playwright/test';
import { applyHolds } from '#tests/fixtures/hold-rules.ts';
import { type Agent, connectAgent } from '#tests/fixtures/mcp-agent.ts';
import { PASSWORD } from '#tests/fixtures/people.ts';
import { ANA, addReviewers, BEN, CLEO, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { listen } from './fixtures/ears.ts';
import { expectFocusKept, expectTrapped, tabTo } from './fixtures/hands.ts';
import { faultsOfReach } from './fixtures/reach.ts';
import { inboxRow, openRequest, press } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1280, height: 1024 };
/** What is left of that window at 200 and at 400 %. */
const ZOOMED = [
  { width: 640, height: 512 },
  { width: 320, height: 256 },
] as const;
const soon = { timeout: 400 };

let stack: Stack;
let agent: Agent;

test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.vanish();
  await stack?.stop();
});

async function signInByKeyboard(page: Page, email: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/sign-in`);
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.keyboard.type(email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Overview' })).toBeVisible();
}

test('from sign-in to a denial and an approval by keyboard alone; what came of it is said (T45)', async ({
  browse,
}) => {
  const first = await agent.hold('echo', { path: '/srv/a.yaml', note: `${'x'.repeat(2000)}`, list: [1, 2, 3] });
  const second = await agent.hold('slow', { path: '/srv/b.yaml' });
  const ben = await browse(stack, null);
  const heard = await listen(ben);
  await signInByKeyboard(ben, BEN);
  await tabTo(ben, ben.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Approvals/ }));
  await ben.keyboard.press('Enter');
  // By Tab and Enter alone, as with single-key shortcuts switched off.
  await tabTo(ben, inboxRow(ben, first.requestId));
  await press(ben, 'Enter', () => expect(ben.getByRole('article')).toBeVisible(soon));
  await expect(ben.locator('#request-title')).toBeFocused();
  const deny = ben.getByRole('button', { name: /^Deny/ });
  await tabTo(ben, deny);
  const denial = ben.getByRole('form', { name: 'Confirm denial' });
  await press(ben, 'Enter', () => expect(denial).toBeVisible(soon));
  await expect(denial.getByRole('textbox')).toBeFocused();
  await ben.keyboard.press('Escape');
  await expect(denial).toBeHidden();
  await expectFocusKept(ben);
  await press(ben, 'd', () => expect(denial.getByRole('textbox')).toBeFocused(soon));
  await ben.keyboard.type('not today');
  await tabTo(ben, denial.getByRole('button', { name: /^Deny/ }));
  await press(ben, 'Enter', () => expect(denial).toBeHidden(soon));
  await expect.poll(heard).toContain('Denied. The call did not run.');
  await expectFocusKept(ben);
  await tabTo(ben, ben.getByRole('button', { name: 'Next request' }));
  await ben.keyboard.press('Enter');
  await expect(ben).toHaveURL(new RegExp(second.requestId));
  // By shortcuts.
  const approval = ben.getByRole('form', { name: 'Confirm approval' });
  await press(ben, 'a', () => expect(approval).toBeVisible(soon));
  await ben.keyboard.type('as planned');
  await press(ben, 'Control+Enter', () => expect(approval).toBeHidden({ timeout: 1500 }));
  await expect.poll(heard).toContain('Approved and taken up: the call is running now.');
  await expectFocusKept(ben);
  const votes = await stack.prisma.vote.findMany({ orderBy: { castAt: 'asc' } });
  expect(votes.map((vote) => [vote.requestId, vote.decision])).toEqual([
    [first.requestId, 'deny'],
    [second.requestId, 'approve'],
  ]);
});

test('a kill and its restore by two people, by keyboard alone (T45)', async ({ browse }) => {
  const ana = await browse(stack, null);
  const heard = await listen(ana);
  await signInByKeyboard(ana, ANA);
  const stop = ana.getByRole('banner').getByRole('button', { name: /Stop high-risk tools/ });
  await tabTo(ana, stop);
  const dialog = ana.getByRole('dialog', { name: /^Stop: high-risk tools/ });
  await ana.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await expectTrapped(ana, dialog);
  await ana.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(stop, 'focus is back where it was').toBeFocused();
  await ana.keyboard.press('Enter');
  await expect(dialog.getByRole('textbox')).toBeFocused();
  await ana.keyboard.type('an exercise');
  await ana.keyboard.press('Enter');
  await expect.poll(async () => (await heard()).join()).toMatch(/High-risk tools stopped by Ana/);
  await expectFocusKept(ana);

  await tabTo(ana, ana.getByRole('banner').getByRole('link', { name: /stopped/ }));
  await ana.keyboard.press('Enter');
  const restore = ana.getByRole('button', { name: 'Restore…' });
  await tabTo(ana, restore);
  await ana.keyboard.press('Enter');
  const asking = ana.getByRole('dialog');
  await expect(asking.getByRole('textbox')).toBeFocused();
  await ana.keyboard.type('the exercise is over');
  await tabTo(ana, asking.getByRole('button', { name: 'Open the restore' }));
  await ana.keyboard.press('Enter');
  await expect(asking).toBeHidden();
  await expect(restore).toBeFocused();

  const cleo = await browse(stack, null);
  await signInByKeyboard(cleo, CLEO);
  await press(cleo, 'g', async () => {
    await cleo.keyboard.press('w');
    await expect(cleo.getByRole('heading', { level: 1, name: 'Kill switch' })).toBeVisible(soon);
  });
  await tabTo(cleo, cleo.getByRole('button', { name: 'Confirm and restore' }));
  await cleo.keyboard.press('Enter');
  await expect(cleo.getByText('Nothing is stopped.')).toBeVisible();
  await expectFocusKept(cleo);
});

test('a tag and a rule are changed by keyboard alone (T45)', async ({ browse }) => {
  const ana = await browse(stack, null);
  await signInByKeyboard(ana, ANA);
  await press(ana, 'g', async () => {
    await ana.keyboard.press('s');
    await expect(ana.getByRole('heading', { level: 1, name: 'Servers' })).toBeVisible(soon);
  });
  await tabTo(ana, ana.getByRole('link', { name: FILES, exact: true }));
  await ana.keyboard.press('Enter');
  const tool = ana.getByRole('button', { name: /^steps/ });
  await tabTo(ana, tool);
  await ana.keyboard.press('Enter');
  const change = ana.getByRole('button', { name: 'Change tier or class' });
  await tabTo(ana, change);
  await ana.keyboard.press('Enter');
  const tag = ana.getByRole('dialog', { name: 'steps' });
  await expect(tag).toBeVisible();
  await expectTrapped(ana, tag);
  const tier = tag.getByLabel(/Tier/);
  await tabTo(ana, tier);
  await ana.keyboard.type('medium');
  await tabTo(ana, tag.getByLabel('Why'));
  await ana.keyboard.type('it touches shared files');
  await ana.keyboard.press('Enter');
  await expect(tag).toBeHidden();
  await expect(change).toBeFocused();
  await expect(tool).toContainText(/medium/i);

  await press(ana, 'g', async () => {
    await ana.keyboard.press('p');
    await expect(ana.getByRole('heading', { level: 1, name: 'Policies' })).toBeVisible(soon);
  });
  await tabTo(ana, ana.getByRole('link', { name: 'Change the rules' }));
  await ana.keyboard.press('Enter');
  await expect(ana.getByRole('heading', { level: 1, name: 'Change the rules' })).toBeVisible();
  await tabTo(ana, ana.getByRole('button', { name: 'Deny rule' }));
  await ana.keyboard.press('Enter');
  const line = ana.getByRole('listitem', { name: 'new-deny', exact: true });
  await tabTo(ana, line.getByRole('combobox', { name: 'Tools' }), 'Shift+Tab');
  await ana.keyboard.type('broken');
  await ana.keyboard.press('Enter');
  await expect(line.getByRole('button', { name: 'Remove tool broken' })).toBeVisible();
  await tabTo(ana, ana.getByRole('button', { name: 'Review and publish…' }));
  await ana.keyboard.press('Enter');
  const publish = ana.getByRole('button', { name: 'Publish…', exact: true });
  await expect(publish).toBeVisible();
  await expectFocusKept(ana);
  await tabTo(ana, publish);
  await ana.keyboard.press('Enter');
  const asked = ana.getByRole('dialog');
  await tabTo(ana, asked.getByRole('button', { name: 'Publish now' }));
  await ana.keyboard.press('Enter');
  await expect(ana.getByText('In force', { exact: true })).toBeVisible();
  await expectFocusKept(ana);
});

/** Answers of the API say that so much time is left. */
async function leaveTime(page: Page, secondsLeft: () => number): Promise<void> {
  await page.route(/\/api\/v1\/approvals\/[^/]+$/, async (route) => {
    const answer = await route.fetch();
    const record: { serverTime: string } = await answer.json();
    const expiresAt = new Date(Date.parse(record.serverTime) + secondsLeft() * 1000).toISOString();
    await route.fulfill({ response: answer, json: { ...record, expiresAt } });
  });
}

test('the last minute and what comes in are said to a screen reader (T45)', async ({ browse }) => {
  const call = await agent.hold('echo', { path: '/srv/c.yaml', list: [1], hidden: 'a\u202Eb' });
  const ben = await browse(stack, BEN, { viewport: DESK });
  const heard = await listen(ben);
  let left = 62;
  await leaveTime(ben, () => left);
  await openRequest(ben, stack, call.requestId);
  await expect.poll(heard).toContain('One minute left to decide.');
  const spoken = (await heard()).filter((words) => words.endsWith('left to decide.'));
  expect(spoken, 'once, not every second').toHaveLength(1);
  left = 17;
  await ben.reload();
  await expect.poll(heard).toContain('15 seconds left to decide.');
  await agent.hold('slow', { comes: 'later' });
  await expect.poll(async () => (await heard()).join()).toMatch(/1 new request, 1 of high risk\. \d waiting\./);
  await ben.unrouteAll({ behavior: 'ignoreErrors' });
});

test('every page can be used at 100, 200 and 400 %, and no target is smaller than 24 pixels (T45)', async ({
  browse,
  watch,
}) => {
  test.setTimeout(120_000);
  watch.expect(/status of 404/);
  const call = await agent.hold('echo', { path: '/srv/app/deploy.yaml', sql: 'SELECT 1', lines: ['a', 'b'] });
  await applyHolds(stack, [{ name: 'hold-steps', tools: ['steps'] }]);
  const { version } = await stack.prisma.policyVersion.findFirstOrThrow({ orderBy: { version: 'desc' } });
  const ana = await browse(stack, ANA, { viewport: DESK });
  const found: string[] = [];
  const pages = [
    '/',
    '/approvals',
    `/approvals/${call.requestId}`,
    '/grants',
    '/exceptions',
    '/servers',
    `/servers/${FILES}`,
    '/agents',
    '/agents/release-bot',
    '/policies',
    `/policies/edit?base=${version}`,
    '/credentials',
    '/egress',
    '/audit?entry=3',
    '/kill-switch',
    '/calibration',
    '/people',
    '/settings',
    '/settings/shortcuts',
    '/welcome',
    '/rollout',
    '/docs/operators',
  ];
  for (const path of pages) {
    await ana.goto(`${stack.consoleUrl}${path}`);
    await expect(ana.locator('[aria-busy="true"]')).toHaveCount(0);
    await expect(ana.getByRole('heading', { level: 1 }).first()).toBeAttached();
    for (const viewport of [DESK, ...ZOOMED]) {
      await ana.setViewportSize(viewport);
      for (const fault of await faultsOfReach(ana)) found.push(`${path} at ${viewport.width}: ${fault}`);
    }
  }
  expect(found).toEqual([]);
});
