// Tunnels that are open under a grant: they live as long as it stands, however it ends, and no longer.
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, test } from 'node:test';
import { setOnFirstSeen } from '#lib/server/egress/egress-identities.ts';
import { PACE } from '#lib/server/egress-proxy/proxy-parts.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { revokeGrant } from '#lib/server/grants/revoke-grant.ts';
import { eventually, vote } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import {
  agentWithWayOut,
  type Listener,
  listenEndless,
  openProxy,
  openTunnel,
  type ProxyInstallation,
  type Tunnel,
} from './proxy-fixture.ts';

const BOUND_MS = 1_300;
const HOST = 'new.example.com:443';
let proxy: ProxyInstallation;
let stream: Listener;
let auth = '';

before(async () => {
  stream = await listenEndless();
  // The pace of production: how soon a tunnel is cut is what is measured. Public addresses lead to the test's listener.
  proxy = await openProxy({ holdMs: 400, sweepMs: PACE.sweepMs }, () => connect(stream.port, '127.0.0.1'));
  proxy.names.set('new.example.com', ['93.184.216.34']);
  auth = `Bearer ${(await agentWithWayOut(proxy, 'alpha', { host: 'ready.example.com', port: 443 })).token}`;
  await letAsk('ask');
});
after(async () => {
  await stream?.close();
  await proxy?.close();
});
afterEach(async () => {
  const { prisma } = proxy.at;
  await prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
  await prisma.grant.updateMany({ where: { status: { in: ['pending', 'active'] } }, data: { status: 'revoked' } });
});

async function letAsk(onFirstSeen: 'ask' | 'deny'): Promise<void> {
  assert.ok((await setOnFirstSeen(proxy.at, proxy.at.admin, 'agent:alpha', onFirstSeen)).ok);
}
const ask = () => openTunnel(proxy.gateway.proxyPort, auth, HOST);
async function waiting(): Promise<string> {
  const answer = await eventually('people to be asked', async () => {
    const tried = await ask();
    tried.socket.destroy();
    return tried.status === 504 ? tried : null;
  });
  return /\r\ncountersign-request: ([0-9a-f-]{36})\r\n/.exec(answer.head)?.[1] ?? '';
}
async function granted(maxUses = 10): Promise<{ readonly id: string; readonly tunnel: Tunnel }> {
  const made = await proposeGrant(proxy.at, proxy.at.admin, {
    agent: 'alpha',
    server: 'egress',
    tool: 'connect-unlisted',
    minutes: 10,
    maxUses,
    reason: 'asked again and again',
    requestId: await waiting(),
  });
  assert.ok(made.ok, JSON.stringify(made));
  const tunnel = await eventually('a tunnel under the grant', async () => {
    const tried = await ask();
    return tried.status === 200 ? tried : null;
  });
  return { id: made.value.id, tunnel };
}
/** Milliseconds until the client's side is closed; it fails when that takes far too long. */
async function closedIn({ socket }: Tunnel): Promise<number> {
  const since = performance.now();
  socket.on('error', () => undefined);
  socket.resume();
  const late = setTimeout(() => socket.destroy(), 4_000);
  await new Promise((resolve) => socket.once('close', resolve));
  clearTimeout(late);
  return performance.now() - since;
}
/** Says that bytes still come, twice as long as a cut may take. */
async function goesOn({ socket }: Tunnel): Promise<void> {
  let heard = 0;
  socket.on('data', (chunk) => {
    heard += chunk.length;
  });
  const until = performance.now() + 2 * BOUND_MS;
  await eventually('time to pass', () => Promise.resolve(performance.now() > until || socket.destroyed));
  assert.equal(socket.destroyed, false);
  assert.ok(heard > 100_000, `${heard} bytes`);
}
const endedWith = (code: string) =>
  eventually(`an outcome ${code}`, async () =>
    (await recordedEvents(proxy.at.prisma)).some(
      ({ type, text }) => type === 'call.outcome' && text.includes(`"code":"${code}"`),
    ),
  );

test('a grant that is revoked closes its open tunnels within 1.3 s, and no others', async () => {
  const requestId = await waiting();
  await vote(proxy.at, requestId, 'approve');
  const once = await eventually('the connection that was approved by itself', async () => {
    const tried = await ask();
    return tried.status === 200 ? tried : null;
  });
  const { id, tunnel } = await granted();
  const closing = closedIn(tunnel);
  assert.ok((await revokeGrant(proxy.at, proxy.at.admin, id)).ok);
  const took = await closing;
  assert.ok(took < BOUND_MS, `${took} ms`);
  await endedWith('egress-denied');
  assert.equal(once.socket.destroyed, false);
  once.socket.destroy();
});

test('a grant whose time is over closes its open tunnels within 1.3 s', async () => {
  const { id, tunnel } = await granted();
  const closing = closedIn(tunnel);
  await proxy.at.prisma.$executeRaw`UPDATE grants SET expires_at = clock_timestamp() WHERE id = ${id}::uuid`;
  const took = await closing;
  assert.ok(took < BOUND_MS, `${took} ms`);
});

test('the connection that used a grant up goes on, until asking is taken back', async () => {
  const { id, tunnel } = await granted(1);
  assert.equal((await proxy.at.prisma.grant.findUniqueOrThrow({ where: { id } })).status, 'used_up');
  await goesOn(tunnel);
  const closing = closedIn(tunnel);
  await letAsk('deny');
  const took = await closing;
  assert.ok(took < BOUND_MS, `${took} ms`);
  await letAsk('ask');
});

test('while nobody can say whether a grant stands, no tunnel lives on under it', async () => {
  const { tunnel } = await granted();
  await proxy.at.prisma.$executeRaw`ALTER TABLE grants RENAME TO out_of_reach`;
  try {
    assert.ok((await closedIn(tunnel)) < 2 * BOUND_MS);
    await endedWith('database-unavailable');
  } finally {
    await proxy.at.prisma.$executeRaw`ALTER TABLE out_of_reach RENAME TO grants`;
  }
});
