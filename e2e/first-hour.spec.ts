import { tokenSource } from '#server/demo/token-source.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { argumentsIn, reconnectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { PASSWORD } from '#tests/fixtures/people.ts';
import { ANA, type RunningStack, startEmptyStack } from '#tests/fixtures/stack.ts';
import { faultsOf } from './fixtures/faults.ts';
import { decideByPointer, openRow } from './fixtures/review.ts';
import { expect, test } from './fixtures/test.ts';

// The second test goes on where the first one ends.
test.describe.configure({ mode: 'serial' });

let stack: RunningStack;
let upstream: RecordingUpstream;

test.beforeAll(async () => {
  stack = await startEmptyStack();
  upstream = await startRecordingUpstream();
});
test.afterAll(async () => {
  await upstream?.close();
  await stack?.stop();
});

test('from the setup link to the first approved call, alone, by the console only', async ({ browse, watch }) => {
  test.setTimeout(90_000);
  const page = await browse(stack, null);
  const act = (name: string | RegExp) => page.getByRole('button', { name }).click();

  await page.goto(stack.setupLink);
  await expect(page.getByRole('heading', { name: 'Set up Countersign' })).toBeVisible();
  expect(page.url(), 'the token leaves the address bar').not.toContain('token');
  await page.getByLabel('E-mail').fill(ANA);
  await page.getByLabel('Name').fill('Ana');
  await page.getByLabel('Password').fill(PASSWORD);
  await act('Create account');
  await expect(page.getByText('Solo install.')).toBeVisible();

  // The same link again, in another browser.
  watch.expect(/status of 4\d\d/);
  const thief = await browse(stack, null);
  await thief.goto(stack.setupLink);
  await expect(thief.getByRole('heading', { name: 'This link does not work' })).toBeVisible();

  // The first page leads on; a list that was put aside is found again in its place.
  await page.getByRole('link', { name: 'Begin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'First hour' })).toBeVisible();
  await expect(page.getByText('0 of 5 done')).toBeVisible();
  await act('Put it aside');
  await act('Show it on the overview again');
  await expect(page.getByRole('button', { name: 'Put it aside' })).toBeVisible();
  await page.getByRole('link', { name: 'Add a server' }).click();
  await page.getByLabel('Address').fill(upstream.url);
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('files');
  await act('Add and scan');
  await expect(page.getByText('This opens the way to a new destination')).toBeVisible();
  await expect(page.getByRole('dialog').getByText(upstream.url)).toBeVisible();
  await expect(page.getByRole('dialog').getByText('127.0.0.1/32')).toBeVisible();
  expect(upstream.sessions(), 'nothing is contacted before the confirmation').toBe(0);
  await act('Allow the destination and add');
  await expect(page).toHaveURL(/\/servers\/files$/);

  await act(/^Accept all 5 shown/);
  await page.getByRole('dialog').getByRole('button', { name: 'Accept', exact: true }).click();
  await expect(page.getByText('5 of 5 accepted')).toBeVisible();
  await page.getByRole('button', { name: /^steps/ }).click();
  await act('Change tier or class');
  await page.getByRole('dialog').getByLabel('Tier').selectOption('low');
  await expect(page.getByText('Calls will no longer wait for a person')).toBeVisible();
  await page.getByRole('dialog').getByLabel('Why').fill('it only reports progress');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: /^steps.*Low/ })).toBeVisible();

  await page.goto(`${stack.consoleUrl}/welcome`);
  await expect(page.getByText('2 of 5 done')).toBeVisible();
  await expect(page.getByText('5 tools accepted')).toBeVisible();
  await page.getByRole('link', { name: 'Create an agent' }).click();
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('release-bot');
  await page.getByRole('checkbox', { name: 'files' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByText('The secret is shown this once')).toBeVisible();
  const [clientId = '', clientSecret = ''] = await page.getByRole('dialog').locator('code').allInnerTexts();
  const token = tokenSource({ clientId, clientSecret, gatewayUrl: stack.gatewayUrl, audience: '/mcp/files' });
  await page.goto(`${stack.consoleUrl}/welcome`);
  await expect(page.getByText('Waiting for the first call of release-bot')).toBeVisible();
  for (const client of ['OpenClaw', 'Claude Code', 'Codex', 'Cursor', 'Gemini CLI', 'Plain HTTP', 'MCP SDK']) {
    await page.getByRole('tab', { name: client, exact: true }).click();
    await expect(page.getByRole('tabpanel')).toContainText(stack.gatewayUrl);
  }
  const tabs = page.getByRole('tab');
  for (const [key, chosen] of [
    ['Home', tabs.first()],
    ['ArrowLeft', tabs.last()],
    ['ArrowRight', tabs.first()],
    ['ArrowRight', tabs.nth(1)],
    ['End', tabs.last()],
  ] as const) {
    await page.keyboard.press(key);
    await expect(chosen).toBeFocused();
    await expect(chosen).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('tabpanel')).toHaveAccessibleName((await chosen.textContent()) ?? 'its tab');
  }
  await page.evaluate(() => Object.assign(window, { notReloaded: true }));
  const agent = await reconnectAgent(stack, 'release-bot', await token());
  expect(textOf(await agent.call('steps', { low: 'risk' }))).toBe('{"low":"risk"}');

  await expect(page.getByText('release-bot: files · steps ran')).toBeVisible();
  await expect(page.getByText('4 of 5 done')).toBeVisible();
  expect(await page.evaluate(() => 'notReloaded' in window), 'the page turned by itself').toBe(true);

  await page.goto(`${stack.consoleUrl}/approvals`);
  const call = await agent.hold('echo', { by: 'my own agent' });
  await openRow(page, call.requestId);
  await expect(page.getByRole('article').getByText(/an agent of yours/)).toBeVisible();
  await decideByPointer(page, 'approve');
  await expect(page.getByText('Approved, and the call ran').first()).toBeVisible();
  expect(textOf(await call.answer)).toBe('{"by":"my own agent"}');
  expect(upstream.calls.map((one) => argumentsIn(one.body))).toEqual(['{"low":"risk"}', '{"by":"my own agent"}']);

  await page.goto(`${stack.consoleUrl}/welcome`);
  await expect(page.getByText('5 of 5 done')).toBeVisible();
  await expect(page.getByText('Ana voted to approve')).toBeVisible();

  await page.goto(`${stack.consoleUrl}/audit?request=${call.requestId}&type=request.approved`);
  await page.getByRole('listitem').getByRole('button').first().click();
  await expect(page.getByLabel('Exact text of the entry')).toContainText('"separation":"solo"');
  await expect(page.getByText('In the signed log')).toBeVisible({ timeout: 10_000 });
  await agent.close();
});

test('alone, a restore needs the password and a minute, and says so', async ({ browse }) => {
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/kill-switch`);
  await page
    .getByRole('banner')
    .getByRole('button', { name: /Stop high-risk tools/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stop now' }).click();
  await page.getByRole('button', { name: 'Restore…' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('the drill is over');
  await page.getByRole('dialog').getByRole('button', { name: 'Open the restore' }).click();
  const confirm = page.getByRole('button', { name: 'Confirm and restore' });
  await expect(confirm).toHaveAccessibleDescription(/You can confirm in/);
  await page.getByLabel('Your password').fill(PASSWORD);
  await confirm.click({ force: true });
  await expect(confirm).toHaveAccessibleDescription(/You can confirm in/);
  await expect(page.getByRole('alert').filter({ hasText: 'stopped by Ana' })).toBeVisible();
});

test('a refusal leads to the page that explains it, to whoever is signed in or not', async ({ browse, watch }) => {
  watch.expect(/status of 4\d\d/);
  const page = await browse(stack, ANA);
  await page.goto(`${stack.consoleUrl}/agents?add=1`);
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('release-bot');
  await page.getByRole('dialog').getByRole('button', { name: 'Create', exact: true }).click();
  const link = page
    .getByRole('dialog')
    .getByRole('alert')
    .getByRole('link', { name: /^name-taken/ });
  await expect(link).toHaveAttribute('target', '_blank');
  const href = (await link.getAttribute('href')) ?? '';
  const stranger = await browse(stack, null, { viewport: { width: 320, height: 640 } });
  await stranger.goto(`${stack.consoleUrl}${href}`);
  await expect(stranger.getByRole('heading', { level: 3, name: 'name-taken' })).toBeInViewport();
  expect(await faultsOf(stranger)).toEqual([]);
  await stranger.getByRole('link', { name: 'For operators', exact: true }).click();
  await expect(stranger.getByRole('heading', { level: 1, name: 'For operators' })).toBeVisible();
  expect(await faultsOf(stranger)).toEqual([]);
  const nothing = await stranger.goto(`${stack.consoleUrl}/docs/..%2f..%2fpackage`);
  expect(nothing?.status()).toBeGreaterThanOrEqual(400);
});
