import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { changeAgent } from '#lib/server/agents/change-agent.ts';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { type Gateway, startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  gatewayEnv,
  rawCall,
  recordOf,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let token: string;
let agentId: string;
let aggregate: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'low', slow: 'low', steps: 'low' });
  await acceptUpstream(at, 'other', upstream, { echo: 'low' });
  ({ token, id: agentId } = await agentWithToken(at, { name: 'bot', servers: ['files'] }, '/mcp/files'));
  const all = await agentWithToken(at, { name: 'all', servers: ['files', 'other'], aggregate: true }, '/mcp');
  aggregate = all.token;
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

const files = (message: Parameters<typeof rawCall>[3], headers: Record<string, string> = {}) =>
  rawCall(gateway, '/mcp/files', token, message, { headers });
const sessionOf = (client: Client) => {
  const { transport } = client;
  return transport?.sessionId ?? '';
};
const echoCall = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } };

test('without a token the answer is 401 and says where to get one', async () => {
  const answer = await rawCall(gateway, '/mcp/files', null, echoCall);
  assert.equal(answer.status, 401);
  assert.equal(
    answer.headers.get('www-authenticate'),
    'Bearer resource_metadata="http://localhost:4000/.well-known/oauth-protected-resource/mcp/files"',
  );
});

test('a token opens its own server only, and not the aggregate', async () => {
  assert.equal((await rawCall(gateway, '/mcp/other', token, echoCall)).status, 401);
  assert.equal((await rawCall(gateway, '/mcp', token, echoCall)).status, 401);
});

test('what two readers could understand differently is refused before anything is decided', async () => {
  const before = upstream.calls.length;
  const bodies: [string, string, number][] = [
    [
      'duplicate key',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"slow","arguments":{}}}',
      400,
    ],
    [
      'other spelling',
      '{"jsonrpc":"2.0","id":1,"method":"tools/list","Method":"tools/call","params":{"name":"echo"}}',
      422,
    ],
    ['batch', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', 422],
    [
      'integer beyond 2^53',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"n":9007199254740993}}}',
      400,
    ],
    [
      'lone surrogate',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"s":"\\ud800"}}}',
      400,
    ],
    ['not JSON', '{"jsonrpc":"2.0",', 400],
    ['array id', '{"jsonrpc":"2.0","id":[1],"method":"ping"}', 422],
  ];
  for (const [what, body, status] of bodies) assert.equal((await files(body)).status, status, what);
  assert.equal(upstream.calls.length, before);
});

test('only application/json is read, other origins and other hosts are turned away', async () => {
  assert.equal((await files(echoCall, { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await files(echoCall, { 'content-type': 'application/json-patch+json' })).status, 415);
  assert.equal(
    (await files({ id: 1, method: 'ping' }, { 'content-type': 'Application/JSON; charset=utf-8' })).status,
    200,
  );
  assert.equal((await files(echoCall, { origin: 'http://evil.example' })).status, 403);
  assert.equal((await files(echoCall, { origin: 'null' })).status, 403);
  const status = await new Promise<number>((resolve) => {
    const options = { port: gateway.port, path: '/mcp/files', method: 'POST', headers: { host: 'evil.example' } };
    httpRequest(options, (answer) => resolve(answer.statusCode ?? 0)).end('{}');
  });
  assert.equal(status, 403);
});

test('a request that is too large is refused', async () => {
  const answer = await files({ ...echoCall, params: { name: 'echo', arguments: { x: 'a'.repeat(1_100_000) } } });
  assert.equal(answer.status, 413);
});

test('a revision we do not speak is refused with those that we do', async () => {
  const answer = await files({ id: 1, method: 'tools/list', params: {} }, { 'mcp-protocol-version': '2024-11-05' });
  assert.equal(answer.status, 400);
  assert.match(answer.text, /"code":-32022.*"supported":\["2026-07-28","2025-11-25"/);
});

test('calls without a session work, and two with the same id at once each get their own answer', async () => {
  const call = (text: string) => files({ id: 1, method: 'tools/call', params: { name: 'slow', arguments: { text } } });
  const before = upstream.calls.length;
  const both = [call('first'), call('second')];
  await upstream.arrived(before + 2);
  upstream.release();
  const [first, second] = await Promise.all(both);
  assert.match(first?.text ?? '', /first/);
  assert.match(second?.text ?? '', /second/);
});

test('within a session an id that is still open is refused', async () => {
  const opened = await files({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {} },
  });
  const session = { 'mcp-session-id': opened.headers.get('mcp-session-id') ?? '' };
  assert.match(opened.text, /"protocolVersion":"2025-06-18"/);
  const before = upstream.calls.length;
  const slow = { id: 5, method: 'tools/call', params: { name: 'slow', arguments: {} } };
  const first = files(slow, session);
  await upstream.arrived(before + 1);
  assert.equal((await files(slow, session)).status, 422);
  upstream.release();
  assert.equal((await first).status, 200);
});

test('a session id is worth nothing to another agent, and unknown ones are 404', async () => {
  const opened = await files({ id: 0, method: 'initialize', params: {} });
  const id = opened.headers.get('mcp-session-id') ?? '';
  const thief = await agentWithToken(at, { name: 'thief', servers: ['files'] }, '/mcp/files');
  await eventually('the gateway knows the other agent', async () => {
    return (await rawCall(gateway, '/mcp/files', thief.token, { id: 1, method: 'ping' })).status === 200;
  });
  const ping = { id: 1, method: 'ping' };
  const stolen = await rawCall(gateway, '/mcp/files', thief.token, ping, { headers: { 'mcp-session-id': id } });
  assert.equal(stolen.status, 404);
  assert.equal((await files(ping, { 'mcp-session-id': id })).status, 200);
  assert.equal((await files(ping, { 'mcp-session-id': 'AAAAAAAAAAAAAAAAAAAAAA' })).status, 404);
});

test('a session survives the gateway: another process that reads the same database serves it', async () => {
  const opened = await files({ id: 0, method: 'initialize', params: {} });
  const id = opened.headers.get('mcp-session-id') ?? '';
  const second = await startGateway({
    databaseUrl: at.url,
    keys: at.keys,
    env: gatewayEnv(at),
    log: createLog('silent', 'g2'),
  });
  try {
    const answer = await rawCall(second, '/mcp/files', token, echoCall, { headers: { 'mcp-session-id': id } });
    assert.equal(answer.status, 200);
    assert.match(answer.text, /"result"/);
  } finally {
    await second.close();
  }
});

test('the aggregate lists every server of the agent under server__tool and routes by that name', async () => {
  const client = await connectClient(gateway, '/mcp', aggregate);
  const names = (await client.listTools()).tools.map((tool) => tool.name);
  assert.ok(names.includes('files__echo') && names.includes('other__echo'));
  const result = await client.callTool({ name: 'other__echo', arguments: { via: 'aggregate' } });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"via":"aggregate"}' }]);
  assert.match(upstream.calls.at(-1)?.body ?? '', /"params":\{"name":"echo",/);
  assert.equal(recordOf(await client.callTool({ name: 'nowhere__echo', arguments: {} })).code, 'unknown-server');
  await client.close();
});

test('an agent that may no longer use the aggregate is not told what stands there', async () => {
  const agent = await agentWithToken(at, { name: 'narrowed', servers: ['files'], aggregate: true }, '/mcp');
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} };
  const changed = await changeAgent(at, at.admin, 'narrowed', { aggregate: false });
  assert.equal(changed.ok, true);
  await eventually('the list is refused', async () => {
    const answer = await rawCall(gateway, '/mcp', agent.token, list);
    return answer.status !== 200 || !answer.text.includes('files__echo');
  });
});

test('an upstream that lost our session is asked for a new one, and the call arrives', async () => {
  const client = await connectClient(gateway, '/mcp/files', token);
  await client.callTool({ name: 'echo', arguments: { n: 1 } });
  upstream.loseSessions();
  const result = await client.callTool({ name: 'echo', arguments: { n: 2 } });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"n":2}' }]);
  await client.close();
});

test('the end of a client session ends our session with the upstream', async () => {
  const client = await connectClient(gateway, '/mcp/files', token);
  const before = upstream.sessions();
  await client.callTool({ name: 'echo', arguments: { n: 1 } });
  assert.equal(upstream.sessions(), before + 1);
  await rawCall(gateway, '/mcp/files', token, '', {
    method: 'DELETE',
    headers: { 'mcp-session-id': sessionOf(client) },
  });
  await eventually('the upstream has let it go', async () => upstream.sessions() === before);
  await client.close();
});

test('the v2 client falls back to the 2025 revision and calls a tool', async () => {
  const client = new ClientV2({ name: 'v2', version: '1.0.0' });
  await client.connect(
    new TransportV2(new URL(`http://127.0.0.1:${gateway.port}/mcp/files`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    }),
  );
  const result = await client.callTool({ name: 'echo', arguments: { v: 2 } });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"v":2}' }]);
  await client.close();
});

test('a destination that leaves the allowlist is not reached any more', async () => {
  const before = upstream.calls.length;
  const { removeEgressEntry } = await import('#lib/server/egress/remove-entry.ts');
  for (const entry of await at.prisma.egressEntry.findMany({ where: { revokedAt: null } })) {
    await removeEgressEntry(at, at.admin, entry.id);
  }
  await eventually('calls are refused', async () => (await files(echoCall)).text.includes('egress-denied'));
  const after = upstream.calls.length;
  await files(echoCall);
  assert.equal(upstream.calls.length, after);
  assert.ok(after >= before);
});

test('a revoked agent is out at once', async () => {
  const revoked = await revokeAgent(at, at.admin, agentId, 'left the team');
  assert.ok(revoked.ok);
  await eventually('its token is refused', async () => (await files({ id: 1, method: 'ping' })).status === 401);
});
