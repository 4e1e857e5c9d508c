import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { OperatorPrincipal } from '#lib/core/identity/principals.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  pendingRequest,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

const operator: OperatorPrincipal = { kind: 'operator', name: 'root@host' };
let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'high', strict: 'high' });
  const { token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

const calls = () => upstream.calls.length;
const fileKill = () => join(at.dataDir, 'KILL');

/** What two people do in the console, without the minute that a solo install must wait. */
async function restoreAll(): Promise<void> {
  await at.prisma.$executeRaw`UPDATE kill_head SET epoch = epoch + 1`;
  await at.prisma.$executeRaw`UPDATE kill_state SET "on" = false, epoch = (SELECT epoch FROM kill_head)`;
}
const isOn = async (scope: string) => (await at.prisma.killState.findUnique({ where: { scope } }))?.on === true;

test('a KILL file on the host stops what it names, at once, and low-risk calls go on', async () => {
  const calling = client.callTool({ name: 'slow', arguments: { f: 1 } });
  const request = await pendingRequest(at, 'slow');
  writeFileSync(fileKill(), '# stop the dangerous ones\nhigh-risk\n');
  assert.equal(recordOf(await calling).code, 'killed');
  assert.equal(recordOf(await client.callTool({ name: 'slow', arguments: { f: 2 } })).code, 'killed');
  const low = await client.callTool({ name: 'echo', arguments: {} });
  assert.equal(low.isError, undefined);
  await eventually('the kill is recorded', () => isOn('high-risk'));
  const stopped = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(stopped.status, 'killed', 'what it interrupted can never be approved');
  assert.ok(
    (await recordedEvents(at.prisma)).some(({ type, text }) => type === 'kill.on' && text.includes('KILL file')),
  );
});

test('taking the KILL file away restores nothing: that takes two people, as after any kill', async () => {
  rmSync(fileKill());
  const gone = performance.now() + 600;
  await eventually('the gateway has read twice that it is gone', async () => performance.now() > gone);
  assert.equal(recordOf(await client.callTool({ name: 'slow', arguments: { f: 3 } })).code, 'killed');
  await restoreAll();
  await eventually('high-risk calls are held again', async () => {
    const again = client.callTool({ name: 'slow', arguments: { f: 3 } }).then((result) => recordOf(result).code);
    const first = await Promise.race([again, pendingRequest(at, 'slow').then((request) => request.id)]);
    if (first === 'killed') return false;
    await vote(at, first, 'deny');
    await again;
    return true;
  });
});

test('a KILL file that says nothing readable stops everything', async () => {
  writeFileSync(fileKill(), 'high risk please\n');
  await eventually('low-risk calls are stopped too', async () => {
    const result = await client.callTool({ name: 'echo', arguments: {} });
    return result.isError === true && recordOf(result).code === 'killed';
  });
  await eventually('the kill is recorded', () => isOn('everything'));
  rmSync(fileKill());
  await restoreAll();
  await eventually(
    'calls run again',
    async () => (await client.callTool({ name: 'echo', arguments: {} })).isError !== true,
  );
});

test('a kill while a call runs tells the upstream, withholds the result and records an unknown outcome (T21)', async () => {
  const before = calls();
  const calling = client.callTool({ name: 'slow', arguments: { k: 1 } });
  const request = await pendingRequest(at, 'slow');
  await vote(at, request.id, 'approve');
  await upstream.arrived(before + 1);
  const killed = await kill(at, operator, { scope: 'high-risk', reason: 'drill' });
  assert.ok(killed.ok);
  const record = recordOf(await calling);
  assert.equal(record.code, 'killed');
  upstream.release();
  await eventually('the upstream was told', async () => upstream.cancelled.length > 0);
  await eventually('the outcome is unknown', async () => {
    const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
    return row.status === 'unknown_outcome';
  });
  const outcome = (await recordedEvents(at.prisma)).find(
    (event) => event.type === 'call.outcome' && event.text.includes(request.callId),
  );
  assert.match(outcome?.text ?? '', /"status":"unknown-outcome"/);
});

test('while the kill is on, dangerous calls open no request, low-risk calls run, and the gateway has acknowledged (T19)', async () => {
  const waiting = await at.prisma.approvalRequest.count({ where: { status: 'pending' } });
  assert.equal(recordOf(await client.callTool({ name: 'strict', arguments: { path: '/' } })).code, 'killed');
  assert.equal(await at.prisma.approvalRequest.count({ where: { status: 'pending' } }), waiting);
  assert.equal((await client.callTool({ name: 'echo', arguments: {} })).isError, undefined);
  const { epoch } = await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } });
  const acked = await eventually('the acknowledgement', () =>
    at.prisma.processInstance.findFirst({ where: { kind: 'gateway', killEpochAck: epoch } }),
  );
  assert.ok(acked.hardStoppedAt !== null && acked.killAckAt !== null);
});

test('an approval from before the kill stays dead after the scope is back on (T22)', async () => {
  await at.prisma.$executeRaw`UPDATE kill_state SET "on" = false WHERE scope = 'high-risk'`;
  await at.prisma.$executeRaw`UPDATE kill_head SET epoch = epoch + 1`;
  await eventually('high-risk calls are held again', async () => {
    const result = client.callTool({ name: 'slow', arguments: { again: 1 } }).then((one) => recordOf(one).code);
    const first = await Promise.race([result, pendingRequest(at, 'slow').then((request) => request.id)]);
    return first !== 'killed';
  });
  const request = await pendingRequest(at, 'slow');
  const before = calls();
  // What a kill leaves that did not reach this row: approved, but of an older epoch than the scope's last kill.
  await at.prisma.$executeRaw`UPDATE kill_state SET killed_epoch = ${request.killEpoch} + 1 WHERE scope = 'high-risk'`;
  await vote(at, request.id, 'approve');
  await eventually('the consume is refused', async () => {
    const refused = (await recordedEvents(at.prisma)).find(
      (event) => event.type === 'call.refused' && event.text.includes(request.id),
    );
    return refused?.text.includes('"code":"killed"');
  });
  assert.equal(calls(), before);
});
