// OAuth credentials against a real token endpoint and a server that takes only what it gave out.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { retireCredential } from '#lib/server/credentials/change-credential.ts';
import { createLeases, type Lease, type Leases } from '#lib/server/credentials/leases.ts';
import { viewCredential } from '#lib/server/credentials/read-credentials.ts';
import { rotateCredential } from '#lib/server/credentials/rotate-credential.ts';
import { createEgress, type Egress } from '#lib/server/egress/connector.ts';
import { loadEntries } from '#lib/server/egress/entry-rows.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { createSnapshotStore } from '#lib/server/snapshot/snapshot-store.ts';
import { type CredentialedUpstream, startCredentialedUpstream } from '#tests/fakes/credentialed-upstream.ts';
import { startTokenEndpoint, type TokenEndpoint } from '#tests/fakes/token-endpoint.ts';
import { acceptLow, allowLoopback, giveCredential, registerCredentialed } from '#tests/fixtures/credentials.ts';
import { agentWithToken, connectClient, eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

const CLIENT = 'countersign at example';
const SECRET = 'client-secret canary +/=&: 4711';
const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let at: Installation;
let upstream: CredentialedUpstream;
let endpoint: TokenEndpoint;
let elsewhere: TokenEndpoint;
let egress: Egress;
let pool: pg.Pool;
const log = createLog('silent', 'test');

before(async () => {
  at = await openInstallation();
  upstream = await startCredentialedUpstream();
  endpoint = await startTokenEndpoint(CLIENT);
  elsewhere = await startTokenEndpoint(CLIENT);
  endpoint.clientSecret = SECRET;
  await registerCredentialed(at, 'alpha', upstream.port, upstream.url);
  await allowLoopback(at, endpoint.port, '/token');
  upstream.accepts = ({ authorization }) => endpoint.given.some((token) => authorization === `Bearer ${token}`);
  pool = new pg.Pool({ connectionString: at.url, max: 2 });
  const entries = await loadEntries(at.prisma);
  egress = createEgress({ entries: () => entries });
});
after(async () => {
  await egress?.close();
  await pool?.end();
  await upstream?.close();
  await endpoint?.close();
  await elsewhere?.close();
  await at?.close();
});
beforeEach(() => {
  endpoint.misbehave = 'no';
  endpoint.expiresIn = 300;
});

const oauth = () => ({ tokenUrl: endpoint.url, clientId: CLIENT, scope: 'tools', resource: 'https://api.example/mcp' });

/** Leases under a clock that the test moves, for the server as it stands now. */
async function withLeases<T>(
  work: (take: () => Promise<Lease | null>, leases: Leases, clock: { ms: number }) => Promise<T>,
): Promise<T> {
  const clock = { ms: Date.now() };
  const leases = createLeases({ prisma: at.prisma, keys: at.keys, egress, log, now: () => clock.ms });
  const store = await createSnapshotStore(pool, log);
  const server = store.current().servers.get('alpha');
  assert.ok(server !== undefined);
  try {
    return await work(
      async () => {
        const taken = await leases.leaseFor(server);
        if (taken === null || !('ok' in taken)) return taken;
        if (!taken.ok) throw new Error(`${taken.error.code}: ${taken.error.detail}`);
        return taken.value;
      },
      leases,
      clock,
    );
  } finally {
    await leases.close();
    await store.close();
  }
}

test('client credentials: minted once for all that wait, kept until shortly before its end, minted anew after a 401', async () => {
  const id = await giveCredential(at, {
    server: 'alpha',
    config: { kind: 'oauth-client-credentials', clientAuth: 'client_secret_basic', ...oauth() },
    secret: SECRET,
  });
  await withLeases(async (take, leases, clock) => {
    const [first, second] = await Promise.all([take(), take()]);
    assert.equal(endpoint.given.length, 1, 'single flight');
    assert.deepEqual(first?.headers, [['authorization', `Bearer ${endpoint.given[0]}`]]);
    assert.equal(second, first);
    const form = endpoint.asked[0];
    assert.equal(form?.get('grant_type'), 'client_credentials');
    assert.equal(form?.get('resource'), 'https://api.example/mcp');
    assert.ok(!(form?.toString() ?? '').includes('canary'), 'the secret goes in the Authorization header only');
    clock.ms += 200_000;
    assert.equal(await take(), first, 'kept');
    clock.ms += 75_000;
    assert.notEqual(await take(), first, 'not used in its last half minute');
    assert.equal(endpoint.given.length, 2);
    const current = await take();
    assert.ok(current !== null);
    leases.refused(current);
    assert.notEqual(await take(), current);
    leases.refused(current);
    await take();
    assert.equal(endpoint.given.length, 3, 'a 401 for an old token does not throw the fresh one away');
  });
  const shown = JSON.stringify(await viewCredential(at.prisma, id));
  assert.ok(!shown.includes('canary'));
});

test('a token endpoint that redirects, floods, gives no bearer token or refuses yields nothing, and the way out is named without secrets', async () => {
  elsewhere.clientSecret = SECRET;
  endpoint.redirectTo = elsewhere.url;
  for (const misbehave of ['redirect', 'huge', 'not-bearer', 'refuse'] as const) {
    endpoint.misbehave = misbehave;
    await withLeases((take) =>
      assert.rejects(take(), (error: Error) => {
        assert.match(error.message, /^credential-unavailable: /);
        assert.ok(!error.message.includes('canary') && !error.message.includes('4711'), error.message);
        return true;
      }),
    );
  }
  assert.equal(elsewhere.asked.length, 0, 'the redirect was not followed');
});

test('without the guard a redirect would have taken the request along (the twin of the test before)', async () => {
  endpoint.misbehave = 'redirect';
  const before = elsewhere.asked.length;
  await fetch(endpoint.url, { method: 'POST', body: new URLSearchParams({ grant_type: 'client_credentials' }) });
  assert.equal(elsewhere.asked.length, before + 1);
});

test('a token endpoint that is not on the allowlist is never connected to', async () => {
  const before = elsewhere.asked.length;
  await at.prisma
    .$executeRaw`UPDATE credentials SET config = jsonb_set(config, '{tokenUrl}', to_jsonb(${elsewhere.url}::text))`;
  await withLeases((take) => assert.rejects(take(), /not on the egress allowlist/));
  assert.equal(elsewhere.asked.length, before);
  await at.prisma
    .$executeRaw`UPDATE credentials SET config = jsonb_set(config, '{tokenUrl}', to_jsonb(${endpoint.url}::text))`;
});

test('through the gateway: a token that the server took back is replaced once within the same call', async () => {
  await acceptLow(at, 'alpha');
  const agent = await agentWithToken(at, { name: 'bot', servers: ['alpha'] }, '/mcp/alpha');
  const gateway: Gateway = await startTestGateway(at);
  const client = await connectClient(gateway, '/mcp/alpha', agent.token);
  try {
    const call = () => client.callTool({ name: 'echo', arguments: {} });
    assert.match(JSON.stringify(await call()), /done/);
    // The authorisation server revokes everything that it has given out.
    endpoint.given.length = 0;
    assert.match(JSON.stringify(await call()), /done/);
    assert.equal(endpoint.given.length, 1);
    upstream.accepts = () => false;
    const given = endpoint.given.length;
    assert.match(JSON.stringify(await call()), /upstream-failed/);
    assert.equal(endpoint.given.length, given + 1, 'once, not for ever');
    upstream.accepts = ({ authorization }) => endpoint.given.some((token) => authorization === `Bearer ${token}`);
  } finally {
    await client.close();
    await gateway.close();
  }
});

test('private_key_jwt: the public key is shown, the private one is not, and a next key waits until it is registered', async () => {
  await retireCredential(at, at.admin, 'alpha-key', 'other kind');
  const id = await giveCredential(at, {
    server: 'alpha',
    config: { kind: 'oauth-client-credentials', clientAuth: 'private_key_jwt', ...oauth() },
  });
  const view = await viewCredential(at.prisma, id);
  assert.deepEqual(Object.keys(view?.publicJwk ?? {}).sort(), ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  await withLeases((take) => assert.rejects(take(), /invalid_client/));
  endpoint.keys = [view?.publicJwk ?? {}];
  await withLeases(async (take) => assert.equal((await take())?.headers[0]?.[1], `Bearer ${endpoint.given.at(-1)}`));
  const form = endpoint.asked.at(-1);
  assert.equal(form?.get('client_assertion_type'), ASSERTION);
  assert.equal(form?.get('client_id'), CLIENT);

  const staged = await rotateCredential(at, at.admin, id, { reason: 'yearly' });
  assert.equal(staged.ok ? staged.value.state : staged.error.code, 'staged');
  const early = await rotateCredential(at, at.admin, id, { reason: 'too early' });
  assert.equal(early.ok ? early.value.state : early.error.code, 'credential-test-failed');
  const waiting = await viewCredential(at.prisma, id);
  assert.notEqual(waiting?.nextPublicJwk, null, 'it goes on waiting');
  await withLeases(async (take) => assert.notEqual(await take(), null));
  endpoint.keys = [view?.publicJwk ?? {}, waiting?.nextPublicJwk ?? {}];
  const taken = await rotateCredential(at, at.admin, id, { reason: 'registered' });
  assert.equal(taken.ok ? taken.value.state : taken.error.detail, 'current');
  const after = await viewCredential(at.prisma, id);
  assert.deepEqual(after?.publicJwk, waiting?.nextPublicJwk);
});

test('token exchange: the subject is our own short assertion, or what the client got for itself; never a person’s', async () => {
  for (const subject of ['assertion', 'client-credentials'] as const) {
    await retireCredential(at, at.admin, 'alpha-key', 'other kind');
    const id = await giveCredential(at, {
      server: 'alpha',
      config: { kind: 'token-exchange', clientAuth: 'client_secret_basic', subject, ...oauth(), audience: 'alpha' },
      secret: SECRET,
    });
    const key = (await viewCredential(at.prisma, id))?.publicJwk;
    endpoint.keys = key === null || key === undefined ? [] : [key];
    assert.equal(key === null, subject === 'client-credentials');
    await withLeases(async (take) => assert.equal((await take())?.headers[0]?.[1], `Bearer ${endpoint.given.at(-1)}`));
    const form = endpoint.asked.at(-1);
    assert.equal(form?.get('grant_type'), 'urn:ietf:params:oauth:grant-type:token-exchange');
    assert.equal(form?.get('audience'), 'alpha');
    const type = subject === 'assertion' ? 'jwt' : 'access_token';
    assert.equal(form?.get('subject_token_type'), `urn:ietf:params:oauth:token-type:${type}`);
  }
  assert.equal(
    (await eventually('use noted', () => at.prisma.credential.count({ where: { lastUsedAt: { not: null } } }))) > 0,
    true,
  );
});
