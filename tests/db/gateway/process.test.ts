import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type GatewayProcess, spawnGateway } from '#tests/fakes/gateway-process.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  pendingRequest,
  rawCall,
  recordOf,
  vote,
} from '#tests/fixtures/gateway.ts';
import { GATEWAY_URL, type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let token: string;
let gateway: GatewayProcess;

const start = () =>
  spawnGateway({
    DATABASE_URL: at.url,
    COUNTERSIGN_DATA_DIR: at.dataDir,
    GATEWAY_URL,
    CONSOLE_URL: 'http://localhost:3000',
  });

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high', slow: 'high', steps: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  gateway = await start();
});
after(async () => {
  gateway?.process.kill('SIGCONT');
  await gateway?.kill('SIGKILL');
  await upstream?.close();
  await at?.close();
});

let nextId = 1;
function call(name: string, args: Record<string, unknown>, headers: Record<string, string> = {}) {
  const message = { id: nextId++, method: 'tools/call', params: { name, arguments: args } };
  return rawCall(gateway, '/mcp/files', token, message, { headers });
}

/** The final message of an answer, JSON or stream. */
function resultIn(text: string): unknown {
  const data = text.startsWith('{')
    ? text
    : (text.split('\n').findLast((line) => line.startsWith('data: ')) ?? '').slice(6);
  return JSON.parse(data).result;
}

test('kill -9 while a call waits loses nothing: the session, the request and the approval are there for the next process', async () => {
  const opened = await rawCall(gateway, '/mcp/files', token, { id: 0, method: 'initialize', params: {} });
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
  const attempt = call('echo', { survive: 1 }, session).catch(() => null);
  const request = await pendingRequest(at, 'echo');
  await gateway.kill('SIGKILL');
  await attempt;
  await vote(at, request.id, 'approve');
  assert.equal(upstream.calls.length, 0, 'nobody attached: nothing runs');
  gateway = await start();
  const again = await call('echo', { survive: 1 }, session);
  assert.deepEqual(resultIn(again.text), { content: [{ type: 'text', text: '{"survive":1}' }] });
  assert.equal(upstream.calls.length, 1);
});

test('kill -9 while a call runs never runs it again: the approval is used, and the same call asks anew', async () => {
  const before = upstream.calls.length;
  const attempt = call('slow', { once: 1 }).catch(() => null);
  const request = await pendingRequest(at, 'slow');
  await vote(at, request.id, 'approve');
  await upstream.arrived(before + 1);
  await gateway.kill('SIGKILL');
  await attempt;
  upstream.release();
  gateway = await start();
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(row.status, 'consumed', 'for the worker to close as unknown-outcome');
  const again = call('slow', { once: 1 }).catch(() => null);
  const second = await pendingRequest(at, 'slow');
  assert.notEqual(second.id, request.id);
  assert.equal(upstream.calls.length, before + 1);
  await vote(at, second.id, 'deny');
  await again;
});

test('a process that was stopped for longer than its lease refuses before it writes (T20)', async () => {
  assert.match((await call('steps', { warm: 1 })).text, /"result"/);
  const before = upstream.calls.length;
  gateway.process.kill('SIGSTOP');
  // Arrives in the socket buffer of a process that does not run.
  const late = call('steps', { late: 1 });
  await at.prisma.$executeRaw`UPDATE kill_head SET epoch = epoch + 1`;
  await at.prisma.$executeRaw`
    INSERT INTO kill_state (scope, "on", epoch, killed_epoch, by_name, reason) VALUES ('tier:low', true, 1, 1, 'test', 'drill')`;
  await delay(1_300);
  gateway.process.kill('SIGCONT');
  const record = recordOf(resultIn((await late).text));
  assert.ok(['killed', 'database-unavailable'].includes(record.code), record.code);
  assert.equal(upstream.calls.length, before);
  await at.prisma.$executeRaw`UPDATE kill_state SET "on" = false`;
  await at.prisma.$executeRaw`UPDATE kill_head SET epoch = epoch + 1`;
  await eventually('calls run again', async () => !(await call('steps', { after: 1 })).text.includes('isError'));
});

test('a gateway told to stop answers those who wait with "pending" and leaves with code 0', async () => {
  const waiting = call('echo', { drain: 1 });
  const request = await pendingRequest(at, 'echo');
  const ended = gateway.kill('SIGTERM');
  const record = recordOf(resultIn((await waiting).text));
  assert.equal(record.code, 'approval-pending');
  assert.equal(record.requestId, request.id);
  assert.equal((await ended).code, 0);
});
