import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { revokeToken } from '#lib/server/agents/revoke-token.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptFound,
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  pendingRequest,
  rawCall,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;
let token: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high', slow: 'high', strict: 'low' });
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'], pendingCap: 3 }, '/mcp/files'));
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(async () => {
  // Requests that a test leaves waiting would count against the next one's cap.
  await at.prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
});

const echo = (args: Record<string, unknown>) => client.callTool({ name: 'echo', arguments: args });
const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
const calls = () => upstream.calls.length;

/** A client that cannot wait: the operator declared a timeout so short that the hold is answered with "pending". */
async function impatient(name: string): Promise<Client> {
  const agent = await agentWithToken(at, { name, servers: ['files'], requestTimeoutMs: 5_050 }, '/mcp/files');
  await eventually('the gateway knows the agent', async () => {
    const answer = await rawCall(gateway, '/mcp/files', agent.token, { id: 1, method: 'ping' });
    return answer.status === 200;
  });
  return connectClient(gateway, '/mcp/files', agent.token);
}

test('a client whose time is up is told "pending", and the same call later attaches, is approved and runs once', async () => {
  const hurried = await impatient('hurried');
  const before = calls();
  const first = await hurried.callTool({ name: 'echo', arguments: { n: 1 } });
  const record = recordOf(first);
  assert.equal(record.code, 'approval-pending');
  assert.equal(record.decision, 'pending');
  assert.ok(record.requestId);
  assert.match(record.next, /identical arguments/);
  const again = await hurried.callTool({ name: 'echo', arguments: { n: 1 } });
  assert.equal(recordOf(again).requestId, record.requestId, 'the retry joins the same request');
  await vote(at, record.requestId, 'approve');
  assert.equal(calls(), before, 'nobody attached: an approval alone runs nothing');
  const third = await hurried.callTool({ name: 'echo', arguments: { n: 1 } });
  assert.deepEqual(third.content, [{ type: 'text', text: '{"n":1}' }]);
  assert.equal(calls(), before + 1);
  assert.equal(await statusOf(record.requestId), 'succeeded');
  const fourth = await hurried.callTool({ name: 'echo', arguments: { n: 1 } });
  assert.notEqual(recordOf(fourth).requestId, record.requestId, 'a used approval does not serve another call');
  assert.equal(calls(), before + 1);
  await hurried.close();
});

test('changed arguments are another call: approving the old request never runs the new one (T01)', async () => {
  const hurried = await impatient('changer');
  const before = calls();
  const a = recordOf(await hurried.callTool({ name: 'echo', arguments: { amount: 1 } }));
  const b = recordOf(await hurried.callTool({ name: 'echo', arguments: { amount: 1_000_000 } }));
  assert.notEqual(a.requestId, b.requestId);
  await vote(at, a.requestId ?? '', 'approve');
  const run = await hurried.callTool({ name: 'echo', arguments: { amount: 1_000_000 } });
  assert.equal(recordOf(run).code, 'approval-pending');
  assert.equal(calls(), before);
  await hurried.close();
});

test('of two identical calls at once both wait on one request; after its approval one runs and the other asks anew', async () => {
  const before = calls();
  const both = [echo({ twin: true }), echo({ twin: true })];
  const request = await pendingRequest(at, 'echo');
  await eventually('both attempts are attached', async () => {
    const events = await recordedEvents(at.prisma);
    return events.some((event) => event.type === 'request.attached' && event.text.includes(request.id));
  });
  assert.equal(await at.prisma.approvalRequest.count({ where: { status: 'pending' } }), 1);
  await vote(at, request.id, 'approve');
  const second = await eventually('the other attempt opens a request of its own', () =>
    at.prisma.approvalRequest.findFirst({ where: { status: 'pending', id: { not: request.id } } }),
  );
  assert.equal(calls(), before + 1);
  await vote(at, second.id, 'deny');
  const results = await Promise.all(both);
  assert.equal(results.filter((result) => result.isError === true).length, 1);
  assert.equal(calls(), before + 1);
});

test('an agent that disconnects leaves the request waiting, and an approval then runs nothing until it is back (T-detach)', async () => {
  const before = calls();
  const gone = new AbortController();
  const attempt = rawCall(
    gateway,
    '/mcp/files',
    token,
    { id: 7, method: 'tools/call', params: { name: 'echo', arguments: { detach: 1 } } },
    { signal: gone.signal },
  ).catch(() => null);
  const request = await pendingRequest(at, 'echo');
  gone.abort();
  await attempt;
  await vote(at, request.id, 'approve');
  assert.equal(await statusOf(request.id), 'approved');
  assert.equal(calls(), before);
  const back = await echo({ detach: 1 });
  assert.deepEqual(back.content, [{ type: 'text', text: '{"detach":1}' }]);
  assert.equal(calls(), before + 1);
  assert.equal(await statusOf(request.id), 'succeeded');
});

test('a cancel takes the request back, and so does the end of the session', async () => {
  const cancel = new AbortController();
  const cancelled = client.callTool({ name: 'echo', arguments: { c: 1 } }, undefined, { signal: cancel.signal });
  const first = await pendingRequest(at, 'echo');
  cancel.abort('changed my mind');
  await assert.rejects(cancelled);
  await eventually('the request is withdrawn', async () => (await statusOf(first.id)) === 'withdrawn');

  const other = await connectClient(gateway, '/mcp/files', token);
  const leaving = other.callTool({ name: 'echo', arguments: { c: 2 } }).catch(() => null);
  const second = await pendingRequest(at, 'echo');
  const { transport } = other;
  assert.ok(
    transport !== undefined && 'terminateSession' in transport && typeof transport.terminateSession === 'function',
  );
  await transport.terminateSession();
  await eventually('the request is withdrawn', async () => (await statusOf(second.id)) === 'withdrawn');
  await other.close();
  await leaving;
});

test('a request whose time is up by the database is expired for the agent, whoever swept it or not (T12)', async () => {
  const before = calls();
  const calling = echo({ late: true });
  const request = await pendingRequest(at, 'echo');
  await at.prisma
    .$executeRaw`UPDATE approval_requests SET expires_at = clock_timestamp() - interval '1 ms' WHERE id = ${request.id}::uuid`;
  assert.equal(recordOf(await calling).code, 'approval-expired');
  assert.equal(calls(), before);
});

test('an approval that was not used in time runs nothing; the late call asks anew (T13)', async () => {
  const hurried = await impatient('sleeper');
  const before = calls();
  const { requestId } = recordOf(await hurried.callTool({ name: 'echo', arguments: { idle: 1 } }));
  assert.ok(requestId);
  await vote(at, requestId, 'approve');
  await at.prisma
    .$executeRaw`UPDATE approval_requests SET approved_until = clock_timestamp() - interval '1 ms' WHERE id = ${requestId}::uuid`;
  const late = recordOf(await hurried.callTool({ name: 'echo', arguments: { idle: 1 } }));
  assert.equal(late.code, 'approval-pending');
  assert.notEqual(late.requestId, requestId);
  assert.equal(await statusOf(requestId), 'expired_unused');
  assert.equal(calls(), before);
  await hurried.close();
});

test('a definition that changes while people think ends the request, and the tool is quarantined (T11)', async () => {
  const before = calls();
  const calling = echo({ rug: 'pull' });
  const request = await pendingRequest(at, 'echo');
  const original = upstream.tools;
  upstream.tools = original.map((tool) => (tool.name === 'echo' ? { ...tool, description: 'Now it deletes.' } : tool));
  const { scanServer } = await import('#lib/server/servers/scan-server.ts');
  await scanServer(at, at.admin, 'files');
  assert.equal(recordOf(await calling).code, 'approval-superseded');
  assert.equal(await statusOf(request.id), 'superseded');
  await eventually(
    'the drifted tool is refused',
    async () => recordOf(await echo({ rug: 2 })).code === 'tool-quarantined',
  );
  assert.equal(calls(), before);
  upstream.tools = original;
  await acceptFound(at, 'files');
  await eventually('the tool is listed again', async () =>
    (await client.listTools()).tools.some((tool) => tool.name === 'echo'),
  );
});

test('beyond its cap an agent is refused, and opens no request', async () => {
  const open = [1, 2, 3].map((n) => echo({ cap: n }).catch(() => null));
  await eventually(
    'three wait',
    async () => (await at.prisma.approvalRequest.count({ where: { status: 'pending' } })) === 3,
  );
  assert.equal(recordOf(await echo({ cap: 4 })).code, 'pending-cap');
  for (const request of await at.prisma.approvalRequest.findMany({ where: { status: 'pending' } })) {
    await vote(at, request.id, 'deny');
  }
  await Promise.all(open);
});

test('a held call is kept alive as an event stream and progress is sent only to who asked for it', async () => {
  const gone = new AbortController();
  const answer = await rawCall(
    gateway,
    '/mcp/files',
    token,
    { id: 'p', method: 'tools/call', params: { name: 'slow', arguments: { sse: 1 } } },
    { signal: gone.signal, headOnly: true },
  );
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  assert.match(answer.text, /^: waiting\n\n/);
  gone.abort();
});

test('a token that is revoked while its call waits runs nothing, approval or not', async () => {
  const before = calls();
  const { token: doomed } = await agentWithToken(at, { name: 'doomed', servers: ['files'] }, '/mcp/files');
  await eventually('the gateway knows the token', async () => {
    return (await rawCall(gateway, '/mcp/files', doomed, { id: 1, method: 'ping' })).status === 200;
  });
  const waiting = await connectClient(gateway, '/mcp/files', doomed);
  const calling = waiting.callTool({ name: 'echo', arguments: { doomed: true } });
  const request = await pendingRequest(at, 'echo');
  const row = await at.prisma.agentToken.findFirstOrThrow({ where: { agent: { name: 'doomed' } } });
  assert.ok((await revokeToken(at, at.admin, 'doomed', row.id)).ok);
  await eventually('the gateway knows of it', async () => {
    return (await rawCall(gateway, '/mcp/files', doomed, { id: 1, method: 'ping' })).status === 401;
  });
  await vote(at, request.id, 'approve');
  assert.equal(recordOf(await calling).code, 'token-invalid');
  assert.equal(calls(), before);
  await waiting.close();
});
