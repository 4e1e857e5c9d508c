import type { Page } from '@playwright/test';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAuthority } from '#tests/fakes/certificates.ts';
import { type Agent, connectAgent, textOf } from '#tests/fixtures/mcp-agent.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';
import { ANA, addReviewers, BEN, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOf, faultsOnEveryScreen } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const FIRST = 'first-secret-of-files';
const SECOND = 'second-secret-of-files';
const PERSONAL = `ghp_${'a1B2'.repeat(9)}`;

let stack: Stack;
let agent: Agent;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
  agent = await connectAgent(stack, { name: 'release-bot' });
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

/** What the agent's call came to: the text of its answer, or `refused`. */
async function called(a: string): Promise<string> {
  try {
    const answer = await agent.call('steps', { a });
    return answer.isError === true ? 'refused' : textOf(answer);
  } catch {
    return 'refused';
  }
}

/** On the page of credentials. */
async function openAdd(page: Page) {
  await page.getByRole('button', { name: 'Add a credential' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Server').selectOption(FILES);
  await dialog.getByRole('radio', { name: /^Bearer token/ }).check();
  return dialog;
}

test('before there is any, the page says what to do; a person’s own token is named while it is typed, and never leaves the browser', async ({
  browse,
}) => {
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/credentials`);
  await expect(ana.getByText('No server needs a secret yet')).toBeVisible();
  expect(await faultsOf(ana)).toEqual([]);
  const dialog = await openAdd(ana);
  await dialog.getByLabel('Secret').fill(PERSONAL);
  await expect(dialog.getByRole('alert')).toContainText('Use a GitHub App');
  await dialog.getByLabel('Why').fill('tried it');
  const sent: string[] = [];
  ana.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  // A button that is blocked says why in its name, too.
  const add = dialog.getByRole('button', { name: /^Add/ });
  await expect(add).toHaveAccessibleDescription('Paste the secret of a service instead.');
  await add.press('Enter');
  await expect(dialog).toBeVisible();
  expect(sent.filter((url) => url.includes('/credentials'))).toEqual([]);
});

test('added, tested, used, rotated and retired: each is what the server sees', async ({ browse, watch }) => {
  watch.expect(/status of 409/);
  stack.upstream.takes = [`Bearer ${FIRST}`];
  stack.upstream.loseSessions();
  expect(await called('without')).toBe('refused');

  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/credentials`);
  const dialog = await openAdd(ana);
  await expect(dialog.getByText(/it ends within 90 days, and then it is a hard stop/)).toBeVisible();
  await dialog.getByLabel('Secret').fill(FIRST);
  await dialog.getByLabel('Why').fill('until the app is registered');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(ana.getByRole('heading', { level: 1 })).toContainText(FILES);
  await expect(ana.getByText('migration only', { exact: true })).toBeVisible();
  await expect(ana.getByText('29 days left')).toBeVisible();
  await ana.getByRole('button', { name: 'Test now' }).click();
  await expect(ana.getByText('The server takes it')).toBeVisible();
  await expect(async () => expect(await called('with')).toBe('{"a":"with"}')).toPass();

  await ana.getByRole('button', { name: 'Rotate…' }).click();
  const rotate = ana.getByRole('dialog');
  await rotate.getByLabel('New secret').fill('a-secret-that-nobody-knows');
  await rotate.getByLabel('Why').fill('the plan says so');
  await rotate.getByRole('button', { name: 'Try it and switch' }).click();
  await expect(rotate.getByText('The server did not take the new secret')).toBeVisible();
  await expect(rotate.getByText(/Rolled back: the current secret stays in use/)).toBeVisible();
  expect(await called('still')).toBe('{"a":"still"}');

  stack.upstream.takes = [`Bearer ${FIRST}`, `Bearer ${SECOND}`];
  await rotate.getByLabel('New secret').fill(SECOND);
  await rotate.getByRole('button', { name: 'Try it and switch' }).click();
  await expect(rotate.getByText('Version 3 is in use.')).toBeVisible();
  await expect(rotate.getByRole('listitem').filter({ hasText: 'Overlap' })).toContainText('under way');
  await rotate.getByRole('button', { name: 'Done' }).click();
  await expect(ana.getByRole('region', { name: 'Versions' }).getByText('Overlap')).toBeVisible();
  await expect(async () => {
    expect(await called('new')).toBe('{"a":"new"}');
    expect(stack.upstream.calls.at(-1)?.headers.authorization).toBe(`Bearer ${SECOND}`);
  }).toPass();
  stack.upstream.takes = [`Bearer ${SECOND}`];
  expect(await called('only')).toBe('{"a":"only"}');
  await expect(ana.getByText(`The credential ${FILES} of ${FILES} was rotated`)).toBeVisible();

  await ana.getByRole('button', { name: 'Retire…' }).click();
  await ana.getByRole('dialog').getByLabel('Why').fill('over');
  await ana.getByRole('dialog').getByRole('button', { name: 'Retire' }).click();
  await expect(ana.getByRole('heading', { level: 1 })).toContainText('Retired');
  await expect(async () => expect(await called('after')).toBe('refused')).toPass();
  // Not one of the secrets is in what the page ever got.
  expect(await ana.content()).not.toContain(SECOND);
});

test('a key of ours is shown to be registered, and its next one before it is tried', async ({ browse, watch }) => {
  watch.expect(/status of 4\d\d/);
  stack.upstream.takes = null;
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/egress`);
  await ana.getByRole('button', { name: 'Allow a destination' }).first().click();
  const allow = ana.getByRole('dialog');
  await allow.getByLabel('Address', { exact: true }).fill('https://id.example.com/oauth/token');
  await allow.getByLabel('Why').fill('tokens are minted there');
  await allow.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(allow).toBeHidden();

  await ana.goto(`${stack.consoleUrl}/credentials?add=1`);
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Server').selectOption(FILES);
  await dialog.getByLabel('Name').fill('files-client');
  await dialog.getByLabel('Token endpoint').fill('https://id.example.com/oauth/token');
  await dialog.getByLabel('Client id').fill('countersign');
  await expect(dialog.getByText('No secret to paste')).toBeVisible();
  await dialog.getByLabel('Why').fill('short-lived at last');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(ana.getByRole('region', { name: 'the public key (JWKS)' })).toContainText('"kty"');
  await ana.getByRole('button', { name: 'Rotate…' }).click();
  const rotate = ana.getByRole('dialog');
  await rotate.getByLabel('Why').fill('a new key');
  await rotate.getByRole('button', { name: 'Make a new key' }).click();
  await expect(rotate.getByRole('region', { name: 'the next public key (JWKS)' })).toContainText('"kty"');
});

test('a reviewer sees the clocks and is told why nothing can be done', async ({ browse }) => {
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/credentials`);
  await expect(ben.getByRole('link', { name: 'files-client' })).toBeVisible();
  await expect(ben.getByRole('button', { name: 'Add a credential' }).first()).toHaveAccessibleDescription(
    'Only an admin can do this.',
  );
  await ben.getByRole('link', { name: 'files-client' }).click();
  await expect(ben.getByRole('button', { name: 'Rotate…' })).toHaveAccessibleDescription('Only an admin can do this.');
});

test('what cannot be loaded says so and can be tried again', async ({ browse, watch }) => {
  watch.expect(/status of 503/);
  const ana = await browse(stack, ANA);
  const problem = { type: 'x', code: 'x', status: 503, title: 'The database is away', detail: 'd', next: 'Wait.' };
  await ana.route('**/api/v1/credentials', (route) => route.fulfill({ status: 503, json: problem }));
  await ana.goto(`${stack.consoleUrl}/credentials`);
  const away = ana.getByRole('alert').filter({ hasText: 'The database is away' });
  const again = ana.getByRole('button', { name: 'Try again' });
  await expect(away).toBeVisible();
  // While it still fails: the button asks anew, and what cannot be had stays said.
  const asked = ana.waitForRequest('**/api/v1/credentials');
  await again.click();
  await asked;
  await expect(away).toBeVisible();
  await ana.unroute('**/api/v1/credentials');
  // The page tries by itself as well, and may be first: then there is no button to press.
  const there = ana.getByRole('link', { name: 'files-client' });
  await expect(async () => {
    if (!(await there.isVisible())) await again.click({ timeout: 500 });
    await expect(there).toBeVisible({ timeout: 2_000 });
  }).toPass();
});

test('the pages of credentials are without fault for axe and fit every screen', async ({ browse }) => {
  test.setTimeout(120_000);
  const page = await browse(stack, ANA);
  const found: string[] = [];
  /** One visit of a place, looked at on every screen. */
  const look = async (place: string) => {
    found.push(...(await faultsOnEveryScreen(page)).map((fault) => `${place}: ${fault}`));
  };
  await page.goto(`${stack.consoleUrl}/credentials`);
  await expect(page.getByRole('link', { name: 'files-client' })).toBeVisible();
  await look('list');
  await page.getByRole('link', { name: 'files-client' }).click();
  await expect(page.getByRole('heading', { name: 'Versions' })).toBeVisible();
  await look('detail');
  await page.getByRole('button', { name: 'Change…' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await look('change');
  await page.goto(`${stack.consoleUrl}/credentials?add=1`);
  await expect(page.getByRole('dialog').getByLabel('Server')).toBeVisible();
  await look('add');
  expect(found).toEqual([]);
});

test('a client certificate is added with its own key alone, and says when it ends by itself', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 422/);
  const authority = makeAuthority();
  const [mine, other] = [{ days: 20 }, {}].map((more) => authority.issue(['gateway.example'], more));
  const about = {
    transport: 'http',
    name: 'ledger',
    tier: 'low',
    description: '',
    url: 'https://127.0.0.1:9/mcp',
  } as const;
  const made = await registerServer(stack, stack.admin, { ...about, egress: { ...loopbackEntry(9), scheme: 'https' } });
  expect(made.ok).toBe(true);
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/credentials?add=1`);
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Server').selectOption('ledger');
  await dialog.getByRole('radio', { name: /^Client certificate/ }).check();
  await expect(dialog.getByLabel('Ends')).toBeHidden();
  await dialog.getByLabel('Certificate', { exact: true }).fill(mine?.cert ?? '');
  await dialog.getByLabel('Private key').fill(other?.key ?? '');
  await dialog.getByLabel('Why').fill('the ledger asks for it');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(dialog.getByText('The private key is not that of the certificate.')).toBeVisible();
  await dialog.getByLabel('Private key').fill(mine?.key ?? '');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(ana.getByRole('heading', { level: 1 })).toContainText('ledger');
  await expect(ana.getByText('19 days left')).toBeVisible();
  expect(await ana.content()).not.toContain('PRIVATE KEY');
});
