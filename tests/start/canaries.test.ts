// T44: a secret planted in every place that takes one is found in none that must not have it.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROUTES } from '#lib/contracts/routes.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { addCredential } from '#lib/server/credentials/add-credential.ts';
import { changeCredential } from '#lib/server/credentials/change-credential.ts';
import { rotateDue } from '#lib/server/credentials/rotate-due.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { changeSsoSettings } from '#lib/server/sso/change-settings.ts';
import { startForgingProvider } from '#tests/fakes/forging-provider.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { command } from '#tests/fixtures/command-line.ts';
import { visit } from '#tests/fixtures/console.ts';
import { allowLoopback } from '#tests/fixtures/credentials.ts';
import { eventually, pendingRequest, vote } from '#tests/fixtures/gateway.ts';
import { OPERATOR, tokenOf } from '#tests/fixtures/people.ts';
import { FILES, type Stack, startStack } from '#tests/fixtures/stack.ts';
import { startHook } from './canaries/hook.ts';
import { type Canary, findCanaries, type Place } from './canaries/search.ts';
import { processesOf } from './launch.ts';

const linux = { skip: process.platform !== 'linux', timeout: 240_000 };
const seed = process.env.CS_CANARY_SEED ?? randomBytes(8).toString('hex');
/** Different for every place and every run, so that a finding says where it came from. */
const planted = (name: string) => `canary-${createHash('sha256').update(`${seed}:${name}`).digest('hex').slice(0, 32)}`;

let stack: Stack;
const canaries: Canary[] = [];
const places: Place[] = [];

/** Plants what we choose ourselves. */
function plant(name: string, shownIn?: readonly RegExp[]): string {
  const value = planted(name);
  canaries.push({ name, value, ...(shownIn === undefined ? {} : { shownIn }) });
  return value;
}
/** Keeps a secret that the installation made. */
function keep(name: string, value: string): string {
  canaries.push({ name, value });
  return value;
}

before(async () => {
  if (process.platform !== 'linux') return;
  stack = await startStack({ LOG_LEVEL: 'trace' });
  keep('setup link', tokenOf(stack.setupLink));
});
after(async () => {
  if (process.platform === 'linux') await stack.stop();
});

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | null = null,
): Promise<string> {
  const answer = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
  return `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
}
const JSON_TYPE = { 'content-type': 'application/json' };
const rpc = (name: string, args: object) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } });

test('secrets go in everywhere, are used, and are refused', linux, async () => {
  const password = plant('password');
  const invited = await invitePerson({ ...stack, consoleUrl: stack.consoleUrl }, OPERATOR, {
    email: 'canary@example.com',
    roles: ['admin', 'reviewer', 'security'],
    groups: [],
  });
  assert.ok(invited.ok);
  const link = keep('invitation link', tokenOf(invited.value.link));
  const redeemed = await redeemLink(stack, { token: link, name: 'Canary', password });
  assert.ok(redeemed.ok);
  // With a second reviewer nobody decides calls of their own agents: Ana's are Canary's to decide.
  const canary = { ...stack.admin, id: redeemed.value.personId, name: 'Canary', email: 'canary@example.com' };

  const external = await registerServer(stack, stack.admin, {
    transport: 'external',
    name: 'local',
    tier: 'high',
    description: '',
    tools: [{ name: 'risky', class: 'shell', tier: 'high', description: '' }],
  });
  assert.ok(external.ok);
  const agent = await makeAgent(stack, { name: 'bird', servers: [FILES, 'local'] });
  keep('client secret', agent.clientSecret);
  const issued = await issueToken(stack, stack.admin, 'bird', { audience: `/mcp/${FILES}`, ttlS: 3600 });
  assert.ok(issued.ok);
  const token = keep('static token', issued.value.token);
  const upstreamSecret = plant('upstream credential');
  const added = await addCredential(stack, stack.admin, {
    name: 'files-key',
    server: FILES,
    config: { kind: 'bearer' },
    secret: upstreamSecret,
    endsAt: new Date(Date.now() + 86_400_000).toISOString(),
    overlapMinutes: 10,
    reason: 'for the search',
  });
  assert.ok(added.ok, JSON.stringify(added));
  await plantProvider();

  // A token of 15 minutes, fetched as an agent does.
  const basic = `Basic ${Buffer.from(`${agent.clientId}:${agent.clientSecret}`).toString('base64')}`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const resource = `grant_type=client_credentials&resource=${encodeURIComponent(`${stack.gatewayUrl}/mcp/${FILES}`)}`;
  const jwt = await eventually('a signed token', async () => {
    const got = await post(`${stack.gatewayUrl}/oauth/token`, resource, { ...form, authorization: basic });
    return /"access_token":"([^"]+)"/.exec(got)?.[1];
  });
  keep('signed token', jwt);

  // Calls: people see the arguments of what they decide, and nobody else does.
  const toReviewers = [/^GET \/api\/v1\/approvals(\/\{id\})?$/, /^page \/approvals\//];
  const heldArgument = plant('argument of a held call', toReviewers);
  const bearer = { ...JSON_TYPE, accept: 'application/json, text/event-stream', authorization: `Bearer ${token}` };
  const gateway = `${stack.gatewayUrl}/mcp/${FILES}`;
  await eventually('the gateway to know the agent', async () => {
    const ran = await post(gateway, rpc('steps', { note: plantOnce('argument and result') }), bearer);
    return ran.includes('content') && !ran.includes('isError') ? ran : null;
  });
  const held = post(gateway, rpc('echo', { note: heldArgument }), bearer);
  const request = await pendingRequest(stack, 'echo');
  await vote({ ...stack, admin: canary }, request.id, 'approve');
  assert.match(await held, new RegExp(heldArgument));
  assert.ok(stack.upstream.calls.some(({ headers }) => headers.authorization === `Bearer ${upstreamSecret}`));
  await rotateByHook(added.value.id);
  await askWithReason(toReviewers);
  // One that still waits, so that the pages have something to show.
  const waits = new AbortController();
  const waiting = post(
    gateway,
    rpc('echo', { note: plant('argument of a waiting call', toReviewers) }),
    bearer,
    waits.signal,
  ).catch(() => '');
  await pendingRequest(stack, 'echo');

  // Refusals: what was wrong is not said back.
  const wrong = plant('wrong secret');
  const bad = async (name: string, answer: Promise<string>) =>
    places.push({ name: `refusal: ${name}`, text: await answer });
  await bad('token in a body', post(`${gateway}`, `{"token":"${plant('secret in broken JSON')}",}`, bearer));
  await bad('unknown bearer', post(gateway, rpc('echo', {}), { ...bearer, authorization: `Bearer cs_${wrong}` }));
  await bad('other audience', post(`${stack.gatewayUrl}/api/v1/calls`, '{}', bearer));
  const wrongBasic = `Basic ${Buffer.from(`${agent.clientId}:${wrong}`).toString('base64')}`;
  await bad(
    'wrong client secret',
    post(`${stack.gatewayUrl}/oauth/token`, resource, { ...form, authorization: wrongBasic }),
  );
  await bad('secret in the form', post(`${stack.gatewayUrl}/oauth/token`, `client_secret=${wrong}`, form));
  await bad('no such tool', post(gateway, rpc('nothing', { note: plant('argument of a refused call') }), bearer));
  const agentOnConsole = { ...JSON_TYPE, authorization: `Bearer ${token}`, origin: stack.consoleUrl };
  await bad('agent at the console', post(`${stack.consoleUrl}/api/v1/kill-switch`, '{}', agentOnConsole));
  const stranger = visit({ url: stack.consoleUrl, port: 0, stop: async () => 0 });
  const guessed = plant('wrong password');
  places.push({ name: 'refusal: sign-in', text: (await stranger.signIn('canary@example.com', guessed)).text });
  const badLink = plant('wrong link');
  const notRedeemed = await stranger.send('POST', '/api/v1/setup', {
    body: { token: badLink, name: 'x', password: guessed },
  });
  places.push({ name: 'refusal: link', text: notRedeemed.text });
  waits.abort();
  await waiting;
});

/** The client secret of single sign-on, as an admin types it into the settings. */
async function plantProvider(): Promise<void> {
  const provider = await startForgingProvider();
  const kept = await changeSsoSettings({ ...stack, env: { consoleUrl: stack.consoleUrl, oidc: null } }, stack.admin, {
    provider: { issuer: provider.issuer, clientId: 'countersign', clientSecret: plant('OIDC client secret') },
    reason: 'for the search',
  });
  assert.ok(kept.ok, JSON.stringify(kept));
  await provider.close();
}

/** A rotation: the signing secret of the webhook, and the secret that it delivers; both are used. */
async function rotateByHook(id: string): Promise<void> {
  const delivered = plant('rotated upstream credential');
  const hook = await startHook(delivered);
  await allowLoopback(stack, hook.port, '/next');
  const changed = await changeCredential(stack, stack.admin, id, {
    hook: { kind: 'webhook', url: `http://127.0.0.1:${hook.port}/next` },
    rotateEveryDays: 30,
    reason: 'for the search',
  });
  assert.ok(changed.ok && changed.value.hookSecret !== null, JSON.stringify(changed));
  const { hookSecret } = changed.value;
  keep('hook secret', hookSecret);
  keep('hook secret without its prefix', hookSecret.replace('whsec_', ''));
  await stack.prisma.$executeRaw`UPDATE credentials SET next_rotation_at = clock_timestamp() WHERE id = ${id}::uuid`;
  // The worker of the installation may be quicker.
  await rotateDue(stack);
  await eventually('the rotation', async () => {
    const { rotatedAt } = await stack.prisma.credential.findUniqueOrThrow({ where: { id } });
    return rotatedAt;
  });
  assert.ok(hook.asked() > 0);
  hook.close();
}

/** A call over plain HTTP, with the agent's own words: people read them where they decide, and the row keeps them. */
async function askWithReason(toReviewers: readonly RegExp[]): Promise<void> {
  const issued = await issueToken(stack, stack.admin, 'bird', { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  const token = keep('static token for decisions', issued.value.token);
  const body = JSON.stringify({
    server: 'local',
    tool: 'risky',
    arguments: { note: plant('argument of an asked call', toReviewers) },
    reason: plant('reason of an agent', [...toReviewers, /^table public\.approval_requests$/]),
    wait: 0,
  });
  await eventually('the question', async () => {
    const said = await post(`${stack.gatewayUrl}/api/v1/calls`, body, {
      ...JSON_TYPE,
      authorization: `Bearer ${token}`,
    });
    return said.includes('"requestId"');
  });
}

let once = false;
function plantOnce(name: string): string {
  if (!once) plant(name);
  once = true;
  return planted(name);
}

test('no log, page, answer, export, table, argument vector or environment has one of them', linux, async (t) => {
  t.diagnostic(`seed ${seed}: CS_CANARY_SEED=${seed} plants the same again`);
  await readConsole();
  await readDatabase();
  for (const argv of [['export'], ['audit', 'search', '--json'], ['agents', 'list', '--json'], ['status', '--json']]) {
    const { out, err } = await command(stack.dataDir, ...argv);
    places.push({ name: `countersign ${argv.join(' ')}`, text: out + err });
  }
  for (const pid of processesOf(stack.dataDir)) {
    places.push({ name: `command line of ${pid}`, text: readFileSync(`/proc/${pid}/cmdline`, 'utf8') });
    places.push({ name: `environment of ${pid}`, text: readFileSync(`/proc/${pid}/environ`, 'utf8') });
  }
  for (const file of globSync('**/*', { cwd: stack.dataDir, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    // PostgreSQL's own files hold the tables that were read above, and the server's log beside them.
    const isTable = /\/postgres\//.test(path) && !path.endsWith('.log');
    if (file.isFile() && !isTable) places.push({ name: `file ${path}`, text: readFileSync(path, 'latin1') });
  }
  // The link is printed once, for the operator; that line is its delivery.
  const logs = stack.supervisor.output().replaceAll(stack.setupLink, '');
  places.push({ name: 'logs', text: logs });
  assert.ok(places.length > 60, `only ${places.length} places were searched`);
  assert.ok(canaries.length >= 23, `only ${canaries.length} secrets were planted`);
  t.diagnostic(`${canaries.length} secrets, ${places.length} places`);
  assert.deepEqual(findCanaries(canaries, places), []);
});

test('a secret in a log is found, raw and encoded (the search can fail)', linux, () => {
  const [first] = canaries;
  assert.ok(first !== undefined);
  const leaks = [
    `password=${first.value}`,
    Buffer.from(`x${first.value}y`).toString('base64'),
    Buffer.from(`xy${first.value}z`).toString('base64url'),
    Buffer.from(first.value).toString('hex'),
  ];
  for (const leak of leaks) {
    const found = findCanaries([first], [...places, { name: 'logs with a leak', text: `before ${leak} after` }]);
    assert.ok(
      found.some((one) => one.includes('logs with a leak')),
      leak,
    );
  }
});

test(
  'a secret that lies in a table is found there and in what browsers receive (the search can fail)',
  linux,
  async () => {
    const value = planted('in the wrong column');
    const { description } = await stack.prisma.server.findUniqueOrThrow({ where: { name: FILES } });
    await stack.prisma.server.update({ where: { name: FILES }, data: { description: value } });
    places.length = 0;
    await readDatabase();
    await readConsole();
    await stack.prisma.server.update({ where: { name: FILES }, data: { description } });
    const found = findCanaries([{ name: 'leak', value }], places);
    assert.ok(found.includes('leak in table public.servers (raw)'), found.join());
    assert.ok(found.includes('leak in GET /api/v1/servers (raw)'), found.join());
  },
);

/** Every route that people read, and every page, as somebody with all roles; what their browser would have received. */
async function readConsole(): Promise<void> {
  const visitor = visit({ url: stack.consoleUrl, port: 0, stop: async () => 0 });
  assert.equal((await visitor.signIn('canary@example.com', planted('password'))).status, 200);
  const session = /countersign\.session[^=]*=([^;]+)/.exec(visitor.cookies())?.[1];
  assert.ok(session !== undefined, 'no session cookie');
  keep('session cookie', session);
  const approvals = await stack.prisma.approvalRequest.findMany();
  const ids: Readonly<Record<string, readonly string[]>> = {
    approvals: approvals.map(({ id }) => id),
    agents: ['bird'],
    servers: [FILES],
    credentials: (await stack.prisma.credential.findMany()).map(({ id }) => id),
    people: (await stack.prisma.person.findMany()).map(({ id }) => id),
  };
  for (const { method, path } of ROUTES.filter((route) => route.method === 'GET' && route.access.kind === 'human')) {
    const noun = path.split('/')[3] ?? '';
    for (const id of path.includes('{') ? (ids[noun] ?? ['1']) : ['']) {
      const { text, headers } = await visitor.send('GET', path.replaceAll(/\{\w+\}/g, id));
      places.push({ name: `${method} ${path}`, text: `${JSON.stringify([...headers])} ${text}` });
    }
  }
  const [approval = ''] = ids.approvals ?? [];
  for (const page of [
    '/',
    '/approvals',
    `/approvals/${approval}`,
    '/agents',
    '/agents/bird',
    '/servers',
    '/credentials',
    '/egress',
    '/people',
    '/audit',
    '/settings',
    '/policies',
    '/sign-in',
  ]) {
    const { text, headers } = await visitor.send('GET', page);
    places.push({ name: `page ${page}`, text: `${JSON.stringify([...headers])} ${text}` });
  }
}

/** Every row of every table as PostgreSQL prints it; sealed columns are in it too, and hold nothing that can be read. */
async function readDatabase(): Promise<void> {
  const tables = await stack.prisma.$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;
  for (const { name } of tables) {
    const rows = await stack.prisma.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`);
    places.push({ name: `table ${name}`, text: rows.map(({ row }) => row).join('\n') });
  }
}
