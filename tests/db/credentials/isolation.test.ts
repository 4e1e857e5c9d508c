// C03: the credential of server A is seen by A and by nobody else, on no path. C04: a rotation in the middle of a call.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { acceptLow, giveCredential, inDays, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { agentWithToken, eventually, rawCall, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const OLD = 'alpha-canary-0a1b2c3d4e5f-old';
const NEXT = 'alpha-canary-9z8y7x6w5v4u-next';
const BETA = 'beta-canary-55aa55aa55aa55aa';

let at: Installation;
let alpha: CredentialedUpstream;
let beta: CredentialedUpstream;
let gateway: Gateway;
let token: string;
let nextId = 1;

before(async () => {
  at = await openInstallation();
  alpha = await startCredentialedUpstream();
  beta = await startCredentialedUpstream();
  await registerCredentialed(at, 'alpha', alpha.port, alpha.url);
  await registerCredentialed(at, 'beta', beta.port, beta.url);
  alpha.accepts = (headers) => headers.authorization === `Bearer ${OLD}` || headers.authorization === `Bearer ${NEXT}`;
  beta.accepts = (headers) => headers['x-api-key'] === BETA;
  await giveCredential(at, { server: 'alpha', config: { kind: 'bearer' }, secret: OLD, endsAt: inDays(30) });
  await giveCredential(at, {
    server: 'beta',
    config: { kind: 'header', header: 'X-Api-Key' },
    secret: BETA,
    endsAt: inDays(30),
  });
  await acceptLow(at, 'alpha');
  await acceptLow(at, 'beta');
  const agent = await agentWithToken(at, { name: 'bot', servers: ['alpha', 'beta'], aggregate: true }, '/mcp');
  token = agent.token;
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await alpha?.close();
  await beta?.close();
  await at?.close();
});
beforeEach(() => {
  alpha.mode = 'answer';
  beta.mode = 'answer';
});

async function call(server: string, headers: Record<string, string> = {}): Promise<string> {
  const message = {
    jsonrpc: '2.0',
    id: nextId++,
    method: 'tools/call',
    params: { name: `${server}__echo`, arguments: {} },
  };
  const session = await openSession();
  const answer = await rawCall(gateway, '/mcp', token, message, { headers: { ...session, ...headers } });
  return answer.text;
}

let opened: Record<string, string> | null = null;
async function openSession(): Promise<Record<string, string>> {
  if (opened !== null) return opened;
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } };
  const answer = await rawCall(gateway, '/mcp', token, { jsonrpc: '2.0', id: 'i', method: 'initialize', params });
  opened = { 'mcp-session-id': answer.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' };
  return opened;
}

function reached(upstream: CredentialedUpstream, secret: string): boolean {
  const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
  return upstream.seen.some((request) => forms.some((form) => request.includes(form)));
}

test('each server gets its own credential, and a client can neither see nor replace it', async () => {
  const forged = { 'x-api-key': 'forged-by-the-client', 'x-upstream-authorization': 'Bearer forged-by-the-client' };
  assert.match(await call('alpha', forged), /done/);
  assert.match(await call('beta', forged), /done/);
  assert.equal(alpha.calls.at(-1), `Bearer ${OLD}`);
  for (const upstream of [alpha, beta]) {
    assert.ok(!upstream.seen.some((request) => request.includes('forged-by-the-client')));
    assert.ok(!upstream.seen.some((request) => request.includes(token)), 'the agent’s own token is never forwarded');
  }
});

test('a redirect to another server carries nothing there', async () => {
  const before = beta.seen.length;
  alpha.mode = 'redirect';
  alpha.redirectTo = beta.url;
  assert.match(await call('alpha'), /upstream-failed|unknown-outcome/);
  assert.equal(beta.seen.length, before, 'the redirect was not followed');
});

test('what an upstream echoes of its credential reaches neither agent nor log, however it is spelled', async () => {
  for (const mode of ['echo-result', 'echo-error', 'echo-401'] as const) {
    alpha.mode = mode;
    const text = await call('alpha');
    const plain = text.replaceAll(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
    assert.ok(!plain.includes(OLD), `${mode}: ${text}`);
    for (const found of plain.matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)) {
      assert.ok(!Buffer.from(found[0], 'base64').toString('latin1').includes('canary'), `${mode}: ${text}`);
    }
    if (mode !== 'echo-401') assert.match(plain, /credential removed/);
  }
  await assertNowhereStored(OLD);
});

test('connections are used again, and no byte of one server’s secret was ever seen by the other', async () => {
  for (let round = 0; round < 5; round++) {
    await call('alpha');
    await call('beta');
  }
  assert.ok(reached(alpha, OLD) && reached(beta, BETA), 'the search finds what is there');
  assert.equal(reached(beta, OLD), false);
  assert.equal(reached(alpha, BETA), false);
});

test('a rotation in the middle of a call: that call keeps the old secret, the next one has the new, none has both', async () => {
  alpha.mode = 'wait';
  const before = alpha.calls.length;
  const running = call('alpha');
  await alpha.arrived(before + 1);
  alpha.mode = 'answer';
  const rotated = await rotateCredential(at, at.admin, 'alpha-key', { secret: NEXT, reason: 'time to' });
  assert.deepEqual(rotated.ok ? rotated.value.state : rotated, 'current');
  await eventually('the next secret in use', async () => {
    await call('alpha');
    return alpha.calls.at(-1) === `Bearer ${NEXT}`;
  });
  alpha.release();
  assert.match(await running, /done/);
  assert.equal(alpha.calls[before], `Bearer ${OLD}`);
  for (const request of alpha.seen) assert.ok(!(request.includes(OLD) && request.includes(NEXT)));
  // The session that the old secret opened is not spoken to with the new one.
  const sessionsOf = (secret: string) =>
    new Set(
      alpha.seen
        .filter((request) => request.includes(secret))
        .flatMap((request) => /mcp-session-id\n(\S+)/i.exec(request)?.[1] ?? []),
    );
  assert.equal(sessionsOf(OLD).intersection(sessionsOf(NEXT)).size, 0);
});

test('a next secret that the server does not take changes nothing: the current one stays in use', async () => {
  const wrong = 'alpha-canary-that-nobody-registered';
  const rotated = await rotateCredential(at, at.admin, 'alpha-key', { secret: wrong, reason: 'mistyped' });
  assert.equal(rotated.ok ? 'rotated' : rotated.error.code, 'credential-test-failed');
  assert.match(await call('alpha'), /done/);
  assert.equal(alpha.calls.at(-1), `Bearer ${NEXT}`);
  const states = await at.prisma.credentialSecret.findMany({
    orderBy: { version: 'asc' },
    where: { credential: { name: 'alpha-key' } },
  });
  assert.deepEqual(
    states.map((one) => one.state),
    ['previous', 'current', 'retired'],
  );
  await assertNowhereStored(wrong);
});

test('while one process rotates, every other is told so; together they leave exactly one version in use', async () => {
  await at.prisma.$executeRaw`UPDATE credentials SET rotation_id = gen_random_uuid(),
    rotation_until = clock_timestamp() + interval '1 minute' WHERE name = 'alpha-key'`;
  const other = await rotateCredential(at, at.admin, 'alpha-key', { secret: OLD, reason: 'back' });
  assert.equal(other.ok ? 'rotated' : other.error.code, 'rotation-running');
  await at.prisma
    .$executeRaw`UPDATE credentials SET rotation_id = NULL, rotation_until = NULL WHERE name = 'alpha-key'`;
  const all = await Promise.all(
    [OLD, NEXT, OLD].map((secret) => rotateCredential(at, at.admin, 'alpha-key', { secret, reason: 'back' })),
  );
  assert.ok(all.some((one) => one.ok));
  for (const one of all) if (!one.ok) assert.equal(one.error.code, 'rotation-running');
  const states = await at.prisma.credentialSecret.groupBy({
    by: ['state'],
    where: { credential: { name: 'alpha-key' }, state: { not: 'retired' } },
    _count: true,
  });
  assert.deepEqual(states.map((one) => `${one.state} ${one._count}`).toSorted(), ['current 1', 'previous 1']);
});

test('without the guards the secret would have gone: the upstream does echo it, and its redirect does lead to the other', async () => {
  alpha.mode = 'echo-error';
  alpha.accepts = null;
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${OLD}`, 'x-canary': OLD };
  const echoed = await fetch(alpha.url, { method: 'POST', headers, body });
  assert.ok((await echoed.text()).includes(OLD));
  alpha.mode = 'redirect';
  alpha.redirectTo = beta.url;
  await fetch(alpha.url, { method: 'POST', headers, body });
  assert.ok(reached(beta, OLD), 'a client that follows redirects takes the header along');
});

test('an ended credential stops the call before anything is sent', async () => {
  await at.prisma.$executeRaw`UPDATE credentials SET ends_at = clock_timestamp() WHERE name = 'beta-key'`;
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1`;
  const before = beta.seen.length;
  await eventually('the refusal', async () => (await call('beta')).includes('credential-ended'));
  const after = beta.seen.length;
  assert.match(await call('beta'), /credential-ended/);
  assert.equal(beta.seen.length, after, `nothing is sent (${after - before} before the gateway knew)`);
});

async function assertNowhereStored(secret: string): Promise<void> {
  const tables = await at.prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`;
  for (const { name } of tables) {
    const rows = await at.prisma.$queryRawUnsafe<{ n: bigint }[]>(
      `SELECT count(*) AS n FROM "${name}" t WHERE t::text LIKE $1 OR t::text LIKE $2`,
      `%${secret}%`,
      `%${Buffer.from(secret).toString('hex')}%`,
    );
    assert.equal(rows[0]?.n, 0n, name);
  }
}
