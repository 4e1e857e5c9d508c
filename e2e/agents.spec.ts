import { generateKeyPairSync } from 'node:crypto';
import type { Page } from '@playwright/test';
import { type Agent, connectAgent, reconnectAgent } from '#tests/fixtures/mcp-agent.ts';
import { ANA, addReviewers, BEN, CLEO, FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOnEveryScreen } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

const DESK = { width: 1440, height: 900 };

let stack: Stack;
let agent: Agent;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  stack = await startStack();
  await addReviewers(stack);
});
test.afterAll(async () => {
  await agent?.close();
  await stack?.stop();
});

async function openAgent(page: Page, name: string): Promise<void> {
  await page.goto(`${stack.consoleUrl}/agents/${name}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText(name);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** The code of the record that an agent gets for a call it may not make. */
async function refusalOf(call: Promise<unknown>): Promise<string> {
  return JSON.stringify(await call.catch((error: unknown) => String(error)));
}

test('an agent is created, and its secret is shown this once', async ({ browse }) => {
  const ana = await browse(stack, ANA, { viewport: DESK });
  await ana.goto(`${stack.consoleUrl}/agents`);
  await expect(ana.getByText('No agent yet')).toBeVisible();
  await ana.getByRole('button', { name: 'Create an agent' }).first().click();
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('made-here');
  await dialog.getByRole('checkbox', { name: FILES, exact: true }).check();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByText('The secret is shown this once')).toBeVisible();
  const secret = (await dialog.getByText(/^css_/).textContent()) ?? '';
  await dialog.getByRole('link', { name: 'Connect it' }).click();
  await expect(ana.getByRole('heading', { level: 1 })).toContainText('made-here');
  await expect(ana.getByRole('region', { name: 'Keys' }).getByText('In force')).toBeVisible();
  await ana.reload();
  await expect(ana.getByRole('region', { name: 'Keys' }).getByText('In force')).toBeVisible();
  expect(await ana.content()).not.toContain(secret);
});

test('a public key is taken, and a private one is refused before it leaves the browser', async ({ browse }) => {
  const ana = await browse(stack, ANA, { viewport: DESK });
  await openAgent(ana, 'made-here');
  await ana.getByRole('button', { name: 'Add a public key' }).click();
  const dialog = ana.getByRole('dialog');
  const pair = generateKeyPairSync('ed25519');
  const sent: string[] = [];
  ana.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/keys')) sent.push(request.url());
  });
  const field = dialog.getByLabel('Public key (JWK)');
  await field.fill(JSON.stringify(pair.privateKey.export({ format: 'jwk' })));
  await expect(dialog.getByRole('alert')).toContainText('private or shared key');
  const add = dialog.getByRole('button', { name: /^Add the key/ });
  await expect(add).toHaveAccessibleDescription('Correct the key first.');
  await add.press('Enter');
  expect(sent).toEqual([]);
  await field.fill(JSON.stringify(pair.publicKey.export({ format: 'jwk' })));
  await dialog.getByRole('button', { name: 'Add the key', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.getByText('Public key, EdDSA')).toBeVisible();
});

test('a rotated secret leaves the old one a clock, and ending it ends it', async ({ browse }) => {
  const ana = await browse(stack, ANA, { viewport: DESK });
  await openAgent(ana, 'made-here');
  await ana.getByRole('button', { name: 'Rotate secret' }).click();
  await ana.getByLabel('The present keys go on for').selectOption('4 hours');
  await ana.getByRole('button', { name: 'Rotate', exact: true }).click();
  await expect(ana.getByText('The secret is shown this once')).toBeVisible();
  await ana.getByRole('button', { name: 'Done' }).click();
  const keys = ana.getByRole('region', { name: 'Keys' });
  await expect(keys.getByText(/3 h( \d+ min)? left/)).toHaveCount(2);
  await keys
    .getByRole('row')
    .filter({ hasText: 'Public key' })
    .getByRole('button', { name: /^End now/ })
    .click();
  await expect(ana.getByRole('dialog')).toContainText('every token that was fetched with it is refused');
  await ana.getByRole('button', { name: 'End it' }).click();
  await expect(keys.getByText('Public key')).toHaveCount(0);
});

test('a static token ages before everybody’s eyes, and is revoked after a question', async ({ browse }) => {
  const ana = await browse(stack, ANA, { viewport: DESK });
  await openAgent(ana, 'made-here');
  await ana.getByRole('button', { name: 'Issue a token' }).click();
  await ana.getByLabel('Ends after').selectOption('1 hour');
  await ana.getByRole('button', { name: 'Issue', exact: true }).click();
  await expect(ana.getByText('The token is shown this once')).toBeVisible();
  await ana.getByRole('button', { name: 'Done' }).click();
  const tokens = ana.getByRole('region', { name: 'Static tokens' });
  await expect(tokens.getByText(/old, 59 min left/)).toBeVisible();
  await tokens.getByRole('button', { name: /^Revoke/ }).click();
  await ana.getByRole('button', { name: 'Revoke it' }).click();
  await expect(tokens.getByRole('row')).toHaveCount(0);
});

test('a quarantined session dies with what it waits for, and comes back when it is lifted', async ({ browse }) => {
  agent = await connectAgent(stack, { name: 'release-bot' });
  await agent.call('steps', { quick: true });
  const [bad] = await stack.prisma.mcpSession.findMany({ orderBy: { createdAt: 'desc' }, take: 1 });
  const beside = await reconnectAgent(stack, 'release-bot', agent.token);
  const held = await agent.hold('echo', { n: 'of the bad one' });
  const kept = await beside.hold('echo', { n: 'of the one beside' });

  const cleo = await browse(stack, CLEO, { viewport: DESK });
  await openAgent(cleo, 'release-bot');
  const sessions = cleo.getByRole('region', { name: 'Sessions' });
  const row = sessions.getByRole('row').filter({ hasText: bad?.id ?? 'none' });
  await expect(row.getByText('1 waiting')).toBeVisible();
  await row.getByRole('button', { name: /^Quarantine/ }).click();
  const dialog = cleo.getByRole('dialog');
  await expect(dialog).toContainText('what it waits for ends');
  await dialog.getByLabel('Why').fill('it does what a page told it');
  await dialog.getByRole('button', { name: 'Quarantine', exact: true }).click();
  await expect(row.getByText('Quarantined')).toBeVisible();
  await expect(row).toContainText('it does what a page told it');
  await expect(cleo.getByRole('heading', { level: 1 })).toContainText('A session in quarantine');

  expect(JSON.stringify(await held.answer)).toMatch(/withdrawn|quarantined/);
  const statusOf = async (id: string) =>
    (await stack.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
  expect([await statusOf(held.requestId), await statusOf(kept.requestId)]).toEqual(['withdrawn', 'pending']);
  expect(await refusalOf(agent.call('steps', { again: true }))).toContain('session-quarantined');
  await beside.call('steps', { beside: true });

  await row.getByRole('button', { name: /^Let in again/ }).click();
  await cleo.getByRole('dialog').getByLabel('Why').fill('it was a false alarm');
  await cleo.getByRole('button', { name: 'Let it in' }).click();
  await expect(row.getByText('Quarantined')).toHaveCount(0);
  await expect(async () => {
    expect(await refusalOf(agent.call('steps', { again: true }))).not.toContain('session-quarantined');
  }).toPass();
  await beside.close();
});

test('a reviewer sees it all and is told why nothing can be done', async ({ browse }) => {
  const ben = await browse(stack, BEN, { viewport: DESK });
  await openAgent(ben, 'release-bot');
  // A button that is blocked says why in its name, too.
  for (const name of [/^Edit/, /^Rotate secret/, /^Add a public key/, /^Issue a token/]) {
    const button = ben.getByRole('button', { name });
    await expect(button).toHaveAccessibleDescription('Only an admin can do this.');
  }
  await expect(ben.getByRole('button', { name: /^Quarantine/ }).first()).toHaveAttribute('aria-disabled', 'true');
});

test('the pages of agents are without fault for axe and fit every screen, in both themes', async ({ browse }) => {
  test.setTimeout(120_000);
  const page = await browse(stack, ANA);
  const found: Record<string, readonly string[]> = {};
  await page.goto(`${stack.consoleUrl}/agents`);
  await expect(page.getByRole('link', { name: 'release-bot' })).toBeVisible();
  found.list = await faultsOnEveryScreen(page);
  await openAgent(page, 'release-bot');
  found.agent = await faultsOnEveryScreen(page);
  for (const button of ['Rotate secret…', 'Add a public key', 'Issue a token', /^Quarantine/]) {
    await page.getByRole('button', { name: button, exact: true }).first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    found[String(button)] = await faultsOnEveryScreen(page);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  }
  expect(Object.entries(found).flatMap(([place, those]) => those.map((fault) => `${place}: ${fault}`))).toEqual([]);
});

test('a revoked agent is out, and its page says so', async ({ browse }) => {
  const cleo = await browse(stack, CLEO, { viewport: DESK });
  await openAgent(cleo, 'release-bot');
  await cleo.getByRole('button', { name: 'Revoke…', exact: true }).click();
  const dialog = cleo.getByRole('dialog');
  await expect(dialog).toContainText('This cannot be undone');
  await dialog.getByLabel('Why').fill('the machine is gone');
  await dialog.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(cleo.getByRole('heading', { level: 1 })).toContainText('Revoked');
  await expect(cleo.getByText('Its tokens and its secret are refused everywhere')).toBeVisible();
  await expect(async () => expect(await refusalOf(agent.call('steps', {}))).toMatch(/401|token-invalid/)).toPass();
});
