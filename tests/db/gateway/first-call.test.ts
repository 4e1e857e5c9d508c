import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  pendingRequest,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, {
    echo: 'low',
    slow: 'high',
    steps: 'low',
    broken: 'low',
    strict: 'low',
  });
  const agent = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files');
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', agent.token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

test('the official client lists exactly the accepted definitions', async () => {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((tool) => tool.name).sort(), ['broken', 'echo', 'slow', 'steps', 'strict']);
});

test('a low-risk call runs at once and the upstream receives the canonical bytes and no header of the client', async () => {
  const result = await client.callTool({ name: 'echo', arguments: { b: 1, a: 'ü', nested: { z: [1.0, 2e2] } } });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"a":"ü","b":1,"nested":{"z":[1,200]}}' }]);
  const [call] = upstream.calls;
  assert.match(
    call?.body ?? '',
    /"params":\{"name":"echo","arguments":\{"a":"ü","b":1,"nested":\{"z":\[1,200\]\}\}\}\}$/,
  );
  assert.equal(call?.headers.authorization, undefined);
  assert.deepEqual(Object.keys(call?.headers ?? {}).sort(), [
    'accept',
    'connection',
    'content-length',
    'content-type',
    'host',
    'mcp-protocol-version',
    'mcp-session-id',
  ]);
  const events = await recordedEvents(at.prisma);
  assert.ok(events.some((event) => event.type === 'call.intent' && event.text.includes('"tool":"echo"')));
});

test('a high-risk call waits, runs after approval with exactly the approved bytes, once, and its story is recorded', async () => {
  const before = upstream.calls.length;
  const calling = client.callTool({ name: 'slow', arguments: { path: '/tmp/x', force: true } });
  const request = await pendingRequest(at, 'slow');
  assert.equal(upstream.calls.length, before, 'nothing reaches the upstream before the approval');
  await vote(at, request.id, 'approve');
  await upstream.arrived(before + 1);
  upstream.release();
  const result = await calling;
  assert.equal(result.isError, undefined);
  assert.match(upstream.calls[before]?.body ?? '', /"arguments":\{"force":true,"path":"\/tmp\/x"\}\}\}$/);
  assert.equal(upstream.calls.length, before + 1);
  const ended = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(ended.status, 'succeeded');
  const story = (await recordedEvents(at.prisma))
    .filter((event) => event.text.includes(request.callId))
    .map((e) => e.type);
  assert.deepEqual(story, [
    'request.opened',
    'vote.cast',
    'request.approved',
    'request.consumed',
    'call.intent',
    'call.outcome',
    'request.finished',
  ]);
});

test('a denied call answers as a tool result that says so, and the same call again is answered at once', async () => {
  const before = upstream.calls.length;
  const calling = client.callTool({ name: 'slow', arguments: { path: '/etc/passwd' } });
  const request = await pendingRequest(at, 'slow');
  await vote(at, request.id, 'deny');
  const result = await calling;
  assert.equal(result.isError, true);
  assert.equal(recordOf(result).code, 'denied-by-human');
  assert.equal(recordOf(result).requestId, request.id);
  const again = await client.callTool({ name: 'slow', arguments: { path: '/etc/passwd' } });
  assert.equal(recordOf(again).code, 'denied-by-human');
  assert.equal(upstream.calls.length, before);
});

test('progress and failures of the upstream pass through', async () => {
  const seen: number[] = [];
  await client.callTool({ name: 'steps', arguments: {} }, undefined, { onprogress: (p) => seen.push(p.progress) });
  assert.deepEqual(seen, [1, 2]);
  const broken = await client.callTool({ name: 'broken', arguments: { a: 1 } });
  assert.equal(broken.isError, true);
  assert.deepEqual(broken.content, [{ type: 'text', text: '{"a":1}' }]);
});

test('arguments that the accepted schema refuses and tools that are not there never reach the upstream', async () => {
  const before = upstream.calls.length;
  const extra = await client.callTool({ name: 'strict', arguments: { path: '/a', mode: 'rw' } });
  assert.equal(recordOf(extra).code, 'args-invalid');
  const unknown = await client.callTool({ name: 'nothing', arguments: {} });
  assert.equal(recordOf(unknown).code, 'unknown-tool');
  assert.equal(upstream.calls.length, before);
});
