import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { startTcpProxy, type TcpProxy } from '#tests/fakes/tcp-proxy.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  gatewayEnv,
  pendingRequest,
  recordOf,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;
/** Between the gateway and its database: the network that fails. */
let network: TcpProxy;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'high' });
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files');
  const database = new URL(at.url);
  network = await startTcpProxy(database.hostname, Number(database.port));
  database.host = `127.0.0.1:${network.port}`;
  gateway = await startGateway({
    databaseUrl: database.href,
    keys: at.keys,
    env: gatewayEnv(at),
    log: createLog('silent', 'gateway'),
  });
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  network?.restore();
  await client?.close();
  await gateway?.close();
  await network?.close();
  await upstream?.close();
  await at?.close();
});

const echo = () => client.callTool({ name: 'echo', arguments: {} });
const ready = async () => (await fetch(`http://127.0.0.1:${gateway.port}/health/ready`)).status === 200;

test('without its database the gateway lets nothing through, low risk included, and heals by itself (T24)', async () => {
  assert.equal((await echo()).isError, undefined);
  network.cut();
  await eventually('it says that it is not ready', async () => !(await ready()));
  const before = upstream.calls.length;
  const refused = recordOf(await echo());
  assert.ok(['database-unavailable', 'audit-unavailable'].includes(refused.code), refused.code);
  assert.equal(upstream.calls.length, before);
  network.restore();
  await eventually('it is ready again', ready);
  await eventually('calls run again', async () => (await echo()).isError !== true);
});

test('a database that hangs without closing anything stops calls within the lease, too (T20)', async () => {
  assert.equal((await echo()).isError, undefined);
  network.freeze();
  const frozenAtMs = performance.now();
  const before = upstream.calls.length;
  await eventually('it says that it is not ready', async () => !(await ready()));
  assert.ok(performance.now() - frozenAtMs < 1_600, 'the lease ends within about a second');
  assert.equal(recordOf(await echo()).code, 'database-unavailable');
  assert.equal(upstream.calls.length, before);
  network.restore();
  await eventually('it is ready again', ready);
});

test('an approval given while the gateway could not hear is noticed when it is back', async () => {
  const calling = client.callTool({ name: 'slow', arguments: { a: 1 } });
  const request = await pendingRequest(at, 'slow');
  network.cut();
  await vote(at, request.id, 'approve');
  const before = upstream.calls.length;
  network.restore();
  await upstream.arrived(before + 1);
  upstream.release();
  assert.equal((await calling).isError, undefined);
});

test('an answer whose outcome cannot be recorded is withheld for a held call', async () => {
  const calling = client.callTool({ name: 'slow', arguments: { withheld: 'secret' } });
  const request = await pendingRequest(at, 'slow');
  await vote(at, request.id, 'approve');
  await upstream.arrived(upstream.calls.length === 0 ? 1 : upstream.calls.length);
  await eventually('it runs', async () => upstream.calls.some((call) => call.body.includes('withheld')));
  network.cut();
  upstream.release();
  const record = recordOf(await calling);
  assert.equal(record.code, 'unknown-outcome');
  assert.ok(!JSON.stringify(record).includes('secret'));
  network.restore();
  await eventually('the record says that nobody knows', async () => {
    const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
    return row.status === 'unknown_outcome';
  });
});
