import { issueToken } from '#lib/server/agents/issue-token.ts';
import { freePort } from '#lib/server/postgres/free-port.ts';
import { allow, type Listener, listenTcp, openTunnel } from '#tests/db/egress-proxy/proxy-fixture.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { ANA, addReviewers, BEN, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { faultsOnEveryScreen } from './fixtures/faults.ts';
import { expect, test } from './fixtures/test.ts';

let stack: Stack;
let listed: Listener;
let unlisted: Listener;
let proxyPort: number;
let auth: string;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  proxyPort = await freePort();
  stack = await startStack({ EGRESS_PROXY_PORT: String(proxyPort) });
  await addReviewers(stack);
  listed = await listenTcp();
  unlisted = await listenTcp();
  await makeAgent(stack, { name: 'crawler' });
  await allow(stack, 'agent:crawler', { host: '127.0.0.1', port: listed.port });
  const issued = await issueToken(stack, stack.admin, 'crawler', { audience: '/egress', ttlS: 3600 });
  if (!issued.ok) throw new Error(`token refused: ${issued.error.code}`);
  auth = `Bearer ${issued.value.token}`;
  await eventually('the way out', async () => (await knock(listed.port)) === 200);
});
test.afterAll(async () => {
  await listed?.close();
  await unlisted?.close();
  await stack?.stop();
});

/** Asks the proxy for a connection, and says what it answered. */
async function knock(port: number, host = '127.0.0.1'): Promise<number> {
  const { status, socket } = await openTunnel(proxyPort, auth, `${host}:${port}`);
  socket.destroy();
  return status;
}

test('a refused destination appears by itself, is allowed with an end and a reason, reached, and revoked', async ({
  browse,
}) => {
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/egress?view=blocked`);
  await expect(ana.getByRole('slider', { name: 'Hour of the last 24' })).toBeVisible();
  expect(await knock(unlisted.port)).toBe(403);
  expect(unlisted.connections()).toBe(0);
  const row = ana.getByRole('row').filter({ hasText: `127.0.0.1:${unlisted.port}` });
  await expect(row).toContainText('agent crawler');

  await row.getByRole('button', { name: 'Allow…' }).click();
  const dialog = ana.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: /^Allow/ })).toHaveAccessibleDescription(/Say why/);
  await dialog.getByLabel('Address range').fill('127.0.0.1/32');
  await dialog.getByLabel('Why').fill('the crawler’s cache');
  await expect(dialog.getByText(/Agent crawler may connect to 127\.0\.0\.1, port \d+, any path/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(row.getByText('on the list now')).toBeVisible();
  await eventually('the new way', async () => (await knock(unlisted.port)) === 200);

  await ana.getByRole('tab', { name: 'Reached' }).click();
  await expect(ana.getByRole('row').filter({ hasText: `127.0.0.1:${unlisted.port}` })).toBeVisible();

  await ana.getByRole('tab', { name: 'Allowlist' }).click();
  const entry = ana.getByRole('row').filter({ hasText: 'the crawler’s cache' });
  await expect(entry).toContainText('23 h left');
  await entry.getByRole('button', { name: 'Renew…' }).click();
  await ana.getByRole('dialog').getByLabel('Ends').selectOption('in 7 days');
  await ana.getByRole('dialog').getByRole('button', { name: 'Renew', exact: true }).click();
  await expect(entry).toContainText('6 days left');
  await entry.getByRole('button', { name: 'Revoke…' }).click();
  await ana.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(entry).toBeHidden();
  await eventually('the way to be shut', async () => (await knock(unlisted.port)) === 403);
});

test('where somebody is to be asked, a first-seen host waits, and its page is one click away', async ({ browse }) => {
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/egress?view=first-seen`);
  const choice = ana.getByLabel('Unlisted hosts of agent crawler');
  await choice.getByRole('radio', { name: 'Ask' }).click();
  await expect(choice.getByRole('radio', { name: 'Ask' })).toBeChecked();
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/egress?view=waiting`);
  await expect(ben.getByText('No host waits')).toBeVisible();
  const answers: Promise<number>[] = [];
  await eventually('a request', async () => {
    answers.push(knock(443, 'new.example.com'));
    return (await stack.prisma.approvalRequest.count({ where: { serverName: 'egress' } })) > 0;
  });
  await expect(ben.getByRole('listitem').filter({ hasText: 'new.example.com' })).toBeVisible();
  await ben.getByRole('link', { name: 'Decide' }).click();
  await expect(ben.getByRole('article')).toContainText('new.example.com');

  // Let pass for a while: for this one host and port, whatever else is unticked.
  await ben.getByRole('button', { name: 'Propose a grant' }).click();
  const grant = ben.getByRole('dialog');
  await expect(grant.getByText('Connections of crawler to this one host and port.')).toBeVisible();
  await expect(grant.getByRole('checkbox', { name: 'args.host == "new.example.com"' })).toBeDisabled();
  await grant.getByLabel('Why').fill('the crawler asks for it all day');
  await grant.getByRole('button', { name: 'Propose' }).click();
  await expect(grant.getByText('The grant is in force.')).toBeVisible();
  const requests = await stack.prisma.approvalRequest.count();
  // The name does not exist: what is let through ends there, without anybody being asked.
  await eventually('a connection that asks nobody', async () => (await knock(443, 'new.example.com')) === 403);
  expect(await stack.prisma.approvalRequest.count()).toBe(requests);
  expect(await stack.prisma.grant.count({ where: { uses: { gt: 0 } } })).toBe(1);
});

test('a destination is added by hand after its sentence was read, and a bad one is refused in place', async ({
  browse,
  watch,
}) => {
  watch.expect(/status of 4\d\d/);
  const ana = await browse(stack, ANA);
  await ana.goto(`${stack.consoleUrl}/egress`);
  await ana.getByRole('button', { name: 'Allow a destination' }).first().click();
  const dialog = ana.getByRole('dialog');
  await dialog.getByLabel('For whom').selectOption('agent crawler');
  await dialog.getByLabel('Address', { exact: true }).fill('https://*.com/');
  await dialog.getByLabel('Why').fill('everything');
  await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.getByLabel('Address', { exact: true }).fill('https://*.docs.example.com/guide');
  await expect(
    dialog.getByText(/any one name directly below docs\.example\.com, port 443, paths below \/guide/),
  ).toBeVisible();
  await dialog.getByRole('button', { name: 'Allow', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.getByText('https://*.docs.example.com:443/guide')).toBeVisible();
});

test('a reviewer reads all of it and can change nothing', async ({ browse }) => {
  const ben = await browse(stack, BEN);
  await ben.goto(`${stack.consoleUrl}/egress`);
  for (const name of ['Allow a destination', 'Renew…', 'Revoke…']) {
    await expect(ben.getByRole('button', { name }).first()).toHaveAccessibleDescription('Only an admin can do this.');
  }
  await ben.getByRole('tab', { name: 'First seen' }).click();
  await expect(ben.getByText('waits for a person')).toBeVisible();
  await expect(ben.getByRole('radio')).toHaveCount(0);
});

test('the views of egress are without fault for axe and fit every screen, in both themes', async ({ browse }) => {
  test.setTimeout(120_000);
  const page = await browse(stack, ANA);
  const found: Record<string, readonly string[]> = {};
  for (const view of ['list', 'blocked', 'waiting', 'reached', 'first-seen']) {
    await page.goto(`${stack.consoleUrl}/egress?view=${view}`);
    await expect(page.getByRole('slider', { name: 'Hour of the last 24' })).toBeVisible();
    found[view] = await faultsOnEveryScreen(page);
  }
  await page.getByRole('button', { name: 'Allow a destination' }).first().click();
  await page.getByRole('dialog').getByLabel('Address', { exact: true }).fill('http://10.1.2.3/');
  found.add = await faultsOnEveryScreen(page);
  expect(Object.entries(found).flatMap(([place, those]) => those.map((fault) => `${place}: ${fault}`))).toEqual([]);
});
