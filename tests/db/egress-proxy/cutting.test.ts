import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { eventually } from '#tests/fixtures/gateway.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
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
beforeEach(async () => {
  proxy = await openProxy();
  stream = await listenEndless();
  proxy.names.set('stream.example.com', ['127.0.0.1']);
  const made = await agentWithWayOut(proxy, 'alpha', { host: 'stream.example.com', port: stream.port });
  auth = `Bearer ${made.token}`;
});
afterEach(async () => {
  await stream.close();
  await proxy.close();
});

const open = () =>
  eventually('a tunnel', async () => {
    const tunnel = await openTunnel(proxy.gateway.proxyPort, auth, `stream.example.com:${stream.port}`);
    return tunnel.status === 200 ? tunnel : null;
  });
/** Milliseconds until the client's side is closed. */
const closedIn = async ({ socket }: Tunnel): Promise<number> => {
  const since = performance.now();
  socket.on('error', () => undefined);
  socket.resume();
  await new Promise((resolve) => socket.once('close', resolve));
  return performance.now() - since;
};
const lastOutcome = () =>
  eventually('the outcome', async () =>
    (await recordedEvents(proxy.at.prisma)).findLast(({ type }) => type === 'call.outcome'),
  );

for (const scope of ['everything', 'agent:alpha', 'server:egress', 'class:browse', 'tool:egress/connect'] as const) {
  test(`a kill of ${scope} cuts an open tunnel within a second, and refuses the next`, async () => {
    const tunnel = await open();
    const closing = closedIn(tunnel);
    const killed = await kill(proxy.at, proxy.at.admin, { scope, reason: 'the test' });
    assert.ok(killed.ok);
    const took = await closing;
    assert.ok(took < 1_000, `${took} ms`);
    const { text } = await lastOutcome();
    assert.match(text, /"code":"killed"/);
    assert.match(text, /"status":"unknown-outcome"/);
    const next = await openTunnel(proxy.gateway.proxyPort, auth, `stream.example.com:${stream.port}`);
    assert.notEqual(next.status, 200);
    assert.match(next.head, /"code":"killed"/);
  });
}

test('a kill that does not cover the connection leaves the tunnel open', async () => {
  const tunnel = await open();
  let heard = 0;
  tunnel.socket.on('data', (chunk) => {
    heard += chunk.length;
  });
  assert.ok((await kill(proxy.at, proxy.at.admin, { scope: 'high-risk', reason: 'the test' })).ok);
  const mark = heard;
  await eventually('more bytes after the kill', async () => heard > mark + 100_000);
  assert.equal(tunnel.socket.destroyed, false);
  tunnel.socket.destroy();
});

test('a destination that leaves the list, and an agent that is revoked, lose their open tunnels', async () => {
  const first = await open();
  const closing = closedIn(first);
  const [entry] = await proxy.at.prisma.egressEntry.findMany({ where: { identity: 'agent:alpha' } });
  assert.ok((await removeEgressEntry(proxy.at, proxy.at.admin, entry?.id ?? '')).ok);
  assert.ok((await closing) < 2_000);
  await allow(proxy.at, 'agent:alpha', { host: 'stream.example.com', port: stream.port });
  const second = await open();
  const closingAgain = closedIn(second);
  assert.ok((await revokeAgent(proxy.at, proxy.at.admin, 'alpha', 'the test')).ok);
  assert.ok((await closingAgain) < 2_000);
});

test('a gateway that stops cuts what does not end, records it, and leaves no listener', async () => {
  const tunnel = await open();
  const closing = closedIn(tunnel);
  const port = proxy.gateway.proxyPort;
  const since = performance.now();
  await proxy.stop();
  assert.ok(performance.now() - since < 8_000);
  await closing;
  assert.match((await lastOutcome()).text, /"status":"unknown-outcome"/);
  await assert.rejects(openTunnel(port, auth, `stream.example.com:${stream.port}`));
});
