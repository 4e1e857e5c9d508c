import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { sessionlessKey } from '#lib/core/identity/session-quarantine.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { liftQuarantine, quarantineSession } from '#lib/server/agents/quarantine-session.ts';
import { revokeToken } from '#lib/server/agents/revoke-token.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import type { ProxyPace } from '#lib/server/egress-proxy/proxy-parts.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import { fetchToken } from '#tests/fixtures/oauth-client.ts';
import {
  agentWithWayOut,
  allow,
  type Listener,
  listenEndless,
  openProxy,
  openTunnel,
  type ProxyInstallation,
  type Tunnel,
} from './proxy-fixture.ts';

let proxy: ProxyInstallation;
let stream: Listener;
let auth: string;

async function start(pace: Partial<ProxyPace> = {}): Promise<void> {
  await proxy?.close();
  proxy = await openProxy(pace);
  proxy.names.set('stream.example.com', ['127.0.0.1']);
  const made = await agentWithWayOut(proxy, 'alpha', { host: 'stream.example.com', port: stream.port });
  auth = `Bearer ${made.token}`;
}
beforeEach(async () => {
  stream = await listenEndless();
  await start();
});
afterEach(async () => {
  await stream.close();
  await proxy.close();
});

const ask = (authorization: string) =>
  openTunnel(proxy.gateway.proxyPort, authorization, `stream.example.com:${stream.port}`);
const open = (authorization: string) =>
  eventually('a tunnel', async () => {
    const tunnel = await ask(authorization);
    return tunnel.status === 200 ? tunnel : null;
  });
/** Whether the client's side was closed within two seconds. */
const isCut = async ({ socket }: Tunnel): Promise<boolean> => {
  socket.on('error', () => undefined);
  socket.resume();
  const late = setTimeout(() => socket.destroy(new Error('late')), 2_000);
  const hadError = await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(late);
  return hadError === false;
};
const endedWith = (code: string) =>
  eventually(`an outcome ${code}`, async () =>
    (await recordedEvents(proxy.at.prisma)).some(
      ({ type, text }) => type === 'call.outcome' && text.includes(`"code":"${code}"`),
    ),
  );
const bump = () => proxy.at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;

test('a tunnel is cut when the static token that opened it runs out', async () => {
  const issued = await issueToken(proxy.at, proxy.at.admin, 'alpha', { audience: '/egress', ttlS: 600 });
  assert.ok(issued.ok);
  const tunnel = await open(`Bearer ${issued.value.token}`);
  const kept = await open(auth);
  await proxy.at.prisma.$executeRaw`
    UPDATE agent_tokens SET expires_at = clock_timestamp() WHERE id = ${issued.value.id}::uuid`;
  await bump();
  assert.equal(await isCut(tunnel), true);
  await endedWith('token-invalid');
  assert.equal(kept.socket.destroyed, false, 'another token’s tunnel goes on');
  kept.socket.destroy();
});

test('a tunnel is cut at the end of the overlap of the key its token was fetched with', async () => {
  const agent = await makeAgent(proxy.at, { name: 'beta', servers: [] });
  await allow(proxy.at, 'agent:beta', { host: 'stream.example.com', port: stream.port });
  const tunnel = await open(`Bearer ${await fetchToken(proxy.at, agent, '/egress')}`);
  assert.ok((await rotateAgent(proxy.at, proxy.at.admin, 'beta', { overlapS: 3600 })).ok);
  await proxy.at.prisma.$executeRaw`
    UPDATE agent_keys SET not_after = clock_timestamp() WHERE id = ${agent.keyId}::uuid`;
  await bump();
  assert.equal(await isCut(tunnel), true);
});

test('a quarantine cuts the open tunnels of its agent, refuses the next, and ends with its lifting; others go on', async () => {
  const alpha = await proxy.at.prisma.agent.findUniqueOrThrow({ where: { name: 'alpha' } });
  const other = await agentWithWayOut(proxy, 'gamma', { host: 'stream.example.com', port: stream.port });
  const kept = await open(`Bearer ${other.token}`);
  const tunnels = [await open(auth), await open(auth)];
  const session = sessionlessKey(alpha.id);
  const since = performance.now();
  const cut = Promise.all(tunnels.map(isCut));
  assert.ok((await quarantineSession(proxy.at, proxy.at.admin, 'alpha', { session, reason: 'looked wrong' })).ok);
  assert.deepEqual(await cut, [true, true], 'each connection, not only the newest');
  assert.ok(performance.now() - since < 1_000);
  await endedWith('session-quarantined');
  assert.match((await ask(auth)).head, /"code":"session-quarantined"/);
  assert.equal(kept.socket.destroyed, false);
  assert.ok((await liftQuarantine(proxy.at, proxy.at.admin, 'alpha', { session, reason: 'a false alarm' })).ok);
  (await open(auth)).socket.destroy();
  kept.socket.destroy();
});

test('while the configuration cannot be read, no tunnel lives on', async () => {
  const issued = await issueToken(proxy.at, proxy.at.admin, 'alpha', { audience: '/egress', ttlS: 600 });
  assert.ok(issued.ok);
  const tunnel = await open(`Bearer ${issued.value.token}`);
  await proxy.at.prisma.$executeRaw`ALTER TABLE revoked_access_tokens RENAME TO out_of_reach`;
  try {
    assert.ok((await revokeToken(proxy.at, proxy.at.admin, 'alpha', issued.value.id)).ok);
    const cut = new Promise((resolve) => tunnel.socket.on('error', () => undefined).once('close', resolve));
    tunnel.socket.resume();
    await eventually('a refusal', async () => (await ask(auth)).status === 503);
    const late = setTimeout(() => tunnel.socket.destroy(new Error('late')), 2_000);
    assert.equal(await cut, false);
    clearTimeout(late);
  } finally {
    await proxy.at.prisma.$executeRaw`ALTER TABLE out_of_reach RENAME TO revoked_access_tokens`;
  }
});

test('a tunnel is cut when it has lasted its time', async () => {
  await start({ lifetimeMs: 300 });
  assert.equal(await isCut(await open(auth)), true);
  await endedWith('connection-limit');
});

test('a tunnel is cut when it has carried its bytes', async () => {
  await start({ mostBytes: 20_000 });
  assert.equal(await isCut(await open(auth)), true);
  await endedWith('connection-limit');
});
