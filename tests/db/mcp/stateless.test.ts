import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client';
import { createRequestStates } from '#lib/server/gateway/request-state.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  eventually,
  pendingRequest,
  rawCall,
  recordOf,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { type Send, stateless } from './stateless-client.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let second: Gateway;
let token: string;
let other: string;
/** Of an agent whose legs last 50 s: no test below waits for one to end. */
let patient: string;

before(async () => {
  at = await openInstallation();
  upstream = await startRecordingUpstream();
  const mirrored = { type: 'object' as const, properties: { region: { type: 'string', 'x-mcp-header': 'Region' } } };
  upstream.tools = [...upstream.tools, { name: 'mirrored', description: 'Says it back.', inputSchema: mirrored }];
  await acceptUpstream(at, 'files', upstream, {
    echo: 'low',
    slow: 'high',
    steps: 'low',
    broken: 'high',
    mirrored: 'low',
  });
  // The operator declared six seconds, so a leg lasts one.
  const hurried = { servers: ['files'], requestTimeoutMs: 6_000 };
  ({ token } = await agentWithToken(at, { name: 'bot', ...hurried }, '/mcp/files'));
  ({ token: other } = await agentWithToken(at, { name: 'other', ...hurried }, '/mcp/files'));
  ({ token: patient } = await agentWithToken(at, { name: 'patient', servers: ['files'] }, '/mcp/files'));
  gateway = await startTestGateway(at);
  second = await startTestGateway(at);
});
after(async () => {
  await gateway?.close();
  await second?.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(async () => {
  await at.prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
});

const ask = (method: string, params?: Record<string, unknown>, send?: Send) =>
  stateless(gateway, '/mcp/files', token, method, params, send);
const hold = (args: Record<string, unknown>, send?: Send, more: Record<string, unknown> = {}) =>
  ask('tools/call', { name: 'broken', arguments: args, ...more }, send);
const wait = (name: string, args: Record<string, unknown>, send?: Send) =>
  stateless(gateway, '/mcp/files', patient, 'tools/call', { name, arguments: args }, send);
const stateOf = (answer: { readonly result: Record<string, unknown> }) => String(answer.result.requestState);

test('discovery needs no handshake, names the revision, and offers nothing that the agent may not use', async () => {
  const { result, headers } = await ask('server/discover');
  assert.deepEqual(result.supportedVersions, ['2026-07-28']);
  assert.deepEqual(result.capabilities, {
    tools: {},
    logging: {},
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  });
  assert.equal(result.resultType, 'complete');
  assert.equal(result.cacheScope, 'private');
  assert.equal(headers.get('mcp-session-id'), null);
});

test('a list that depends on who asks is private to caches, and a call says that it is complete', async () => {
  const listed = await ask('tools/list');
  assert.equal(listed.result.cacheScope, 'private');
  assert.equal(typeof listed.result.ttlMs, 'number');
  const called = await ask('tools/call', { name: 'echo', arguments: { n: 1 } });
  assert.equal(called.result.resultType, 'complete');
  assert.deepEqual(called.result.content, [{ type: 'text', text: '{"n":1}' }]);
});

test('A14: a header that does not say what the body says is refused, whichever it is, and nothing runs', async () => {
  const before = upstream.calls.length;
  const call = (send: Send) => ask('tools/call', { name: 'echo', arguments: {} }, send);
  const wrong: [string, Send][] = [
    ['another name', { headers: { 'mcp-name': 'harmless' } }],
    ['no name', { without: ['mcp-name'] }],
    ['a name in a broken encoding', { headers: { 'mcp-name': '=?base64?@@@?=' } }],
    ['another method', { headers: { 'mcp-method': 'tools/list' } }],
    ['no method', { without: ['mcp-method'] }],
    ['the name in other letters', { headers: { 'mcp-name': 'Echo' } }],
    ['no version', { without: ['mcp-protocol-version'] }],
    ['another version', { headers: { 'mcp-protocol-version': '2025-11-25' } }],
  ];
  for (const [what, send] of wrong) {
    const { status, error } = await call(send);
    assert.equal(status, 400, what);
    assert.equal(error?.code, -32020, what);
    assert.equal(error?.data?.code, 'header-mismatch', what);
  }
  assert.equal(upstream.calls.length, before);
  const base64 = `=?base64?${Buffer.from('echo').toString('base64')}?=`;
  assert.equal((await call({ headers: { 'mcp-name': base64 } })).status, 200, 'an encoded name is the same name');
});

test('A14: with a session a header that disagrees is refused as well, and no header is needed', async () => {
  const message = { id: 1, method: 'tools/call', params: { name: 'echo', arguments: {} } };
  const headers = { 'mcp-method': 'tools/call', 'mcp-name': 'harmless' };
  assert.equal((await rawCall(gateway, '/mcp/files', token, message, { headers })).status, 400);
  assert.equal((await rawCall(gateway, '/mcp/files', token, message)).status, 200);
});

test('A14: an argument that its schema wants in a header must be there and be the same', async () => {
  const call = (headers: Record<string, string>) =>
    ask('tools/call', { name: 'mirrored', arguments: { region: 'eu' } }, { headers });
  assert.equal((await call({})).error?.code, -32020);
  assert.equal((await call({ 'mcp-param-region': 'us' })).error?.code, -32020);
  assert.equal((await call({ 'mcp-param-region': 'eu' })).status, 200);
});

test('a request without its envelope, in a batch, of another type or an unknown revision is refused', async () => {
  const headers = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };
  const bare = await rawCall(gateway, '/mcp/files', token, { id: 1, method: 'tools/list', params: {} }, { headers });
  assert.equal(bare.status, 400);
  assert.match(bare.text, /-32602/);
  assert.equal(
    (await ask('tools/list', {}, { meta: { 'io.modelcontextprotocol/clientCapabilities': 1 } })).error?.code,
    -32602,
  );
  const future = { 'mcp-protocol-version': '2031-01-01' };
  const unknown = await ask(
    'tools/list',
    {},
    { headers: future, meta: { 'io.modelcontextprotocol/protocolVersion': '2031-01-01' } },
  );
  assert.equal(unknown.error?.code, -32022);
  assert.deepEqual(unknown.error?.data?.requested, '2031-01-01');
  const batch = await rawCall(gateway, '/mcp/files', token, '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', {
    headers,
  });
  assert.equal(batch.status, 422);
  const text = await rawCall(gateway, '/mcp/files', token, '{}', {
    headers: { ...headers, 'content-type': 'text/plain' },
  });
  assert.equal(text.status, 415);
});

test('what this revision removed, or we do not have, is 404 and method not found', async () => {
  for (const method of [
    'initialize',
    'ping',
    'logging/setLevel',
    'subscriptions/listen',
    'resources/subscribe',
    'no/such',
  ]) {
    const { status, error } = await ask(method);
    assert.equal(status, 404, method);
    assert.equal(error?.code, -32601, method);
  }
});

test('a held call goes on in legs, on another gateway too, and runs once when it is approved', async () => {
  const before = upstream.calls.length;
  const first = await hold({ n: 1 });
  assert.equal(first.result.resultType, 'input_required');
  assert.equal(first.result.inputRequests, undefined);
  const next = stateless(second, '/mcp/files', token, 'tools/call', {
    name: 'broken',
    arguments: { n: 1 },
    requestState: stateOf(first),
  });
  const request = await pendingRequest(at, 'broken');
  await vote(at, request.id, 'approve');
  const { result } = await next;
  assert.equal(result.resultType, 'complete');
  assert.deepEqual(result.content, [{ type: 'text', text: '{"n":1}' }]);
  assert.equal(upstream.calls.length, before + 1);
  assert.equal(await at.prisma.approvalRequest.count({ where: { callId: request.callId } }), 1);
});

test('approved between two legs, nothing runs until the client comes back', async () => {
  const before = upstream.calls.length;
  const first = await hold({ n: 10 });
  await vote(at, (await pendingRequest(at, 'broken')).id, 'approve');
  assert.equal(upstream.calls.length, before, 'nobody attached: an approval alone runs nothing');
  const { result } = await hold({ n: 10 }, {}, { requestState: stateOf(first) });
  assert.deepEqual(result.content, [{ type: 'text', text: '{"n":10}' }]);
  assert.equal(upstream.calls.length, before + 1);
});

test('a state serves once, one agent, one call: any other use is refused and opens no request', async () => {
  const first = await hold({ n: 2 });
  const requestState = stateOf(first);
  const open = () => at.prisma.approvalRequest.count({ where: { toolName: 'broken', status: 'pending' } });
  assert.equal(await open(), 1);
  const misuse = {
    'other arguments': () => hold({ n: 3 }, {}, { requestState }),
    'another tool': () => ask('tools/call', { name: 'slow', arguments: { n: 2 }, requestState }),
    'another agent': () =>
      stateless(second, '/mcp/files', other, 'tools/call', { name: 'broken', arguments: { n: 2 }, requestState }),
    'a made-up one': () => hold({ n: 2 }, {}, { requestState: 'abc' }),
    'not a text': () => hold({ n: 2 }, {}, { requestState: 7 }),
    'an expired one': () => {
      const states = createRequestStates(at.keys.masterKey);
      const state = states.read(requestState);
      assert.ok(state);
      return hold({ n: 2 }, {}, { requestState: states.write({ ...state, expiresAt: '2026-01-01T00:00:00.000Z' }) });
    },
  };
  for (const [what, use] of Object.entries(misuse)) {
    const { error } = await use();
    assert.equal(error?.code, -32602, what);
    assert.equal(error?.data?.code, 'state-invalid', what);
  }
  assert.equal(await open(), 1);
  const used = await hold({ n: 2 }, {}, { requestState });
  assert.equal(used.result.resultType, 'input_required', 'the true one still serves after all of these');
  const again = await stateless(second, '/mcp/files', token, 'tools/call', {
    name: 'broken',
    arguments: { n: 2 },
    requestState,
  });
  assert.equal(again.error?.data?.code, 'state-invalid', 'and not twice, whichever gateway is asked');
});

test('the eleventh answer is final, so that the official client never counts too many rounds', async () => {
  const states = createRequestStates(at.keys.masterKey);
  const first = states.read(stateOf(await hold({ n: 4 })));
  assert.ok(first);
  const last = await hold({ n: 4 }, {}, { requestState: states.write({ ...first, round: 10 }) });
  assert.equal(last.result.resultType, 'complete');
  assert.equal(recordOf(last.result).code, 'approval-pending');
});

test('a link is offered once, to clients that open links only, and their answer decides nothing', async () => {
  const links = { capabilities: { elicitation: { url: {} } } };
  const first = await hold({ n: 5 }, links);
  const asked = JSON.stringify(first.result.inputRequests);
  assert.match(asked, /"mode":"url".*http:\/\/localhost:3000\/approvals\//);
  const inputResponses = { countersign: { action: 'accept' } };
  const next = await hold({ n: 5 }, links, { requestState: stateOf(first), inputResponses });
  assert.equal(next.result.resultType, 'input_required');
  assert.equal(next.result.inputRequests, undefined);
  const forms = await hold({ n: 6 }, { capabilities: { elicitation: { form: {} } } });
  assert.equal(forms.result.inputRequests, undefined);
});

test('a denial comes as a tool result, in this era too', async () => {
  const held = wait('broken', { n: 7 });
  const request = await pendingRequest(at, 'broken');
  await vote(at, request.id, 'deny');
  const { result } = await held;
  assert.equal(result.isError, true);
  assert.equal(result.resultType, 'complete');
  assert.equal(recordOf(result).code, 'denied-by-human');
});

test('closing the connection takes the call back: nobody is asked any more', async () => {
  const gone = new AbortController();
  const held = wait('broken', { n: 8 }, { signal: gone.signal }).catch(() => null);
  const request = await pendingRequest(at, 'broken');
  gone.abort();
  await held;
  await eventually('the request to be withdrawn', async () => {
    const { status } = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
    return status === 'withdrawn';
  });
});

test('closing the connection of a running call cancels it at the upstream', async () => {
  const gone = new AbortController();
  const before = upstream.calls.length;
  const running = wait('slow', { n: 9 }, { signal: gone.signal }).catch(() => null);
  await vote(at, (await pendingRequest(at, 'slow')).id, 'approve');
  await upstream.arrived(before + 1);
  gone.abort();
  await running;
  await eventually('the cancellation to arrive', async () => upstream.cancelled.length > 0);
  upstream.release();
});

test('progress passes, and log messages only where a level was asked for', async () => {
  const { text } = await ask('tools/call', { name: 'steps', arguments: {} }, { meta: { progressToken: 'p' } });
  assert.equal(text.match(/notifications\/progress/g)?.length, 2);
});

test('the official v2 client goes through a hold by itself, in one era or the other', async () => {
  for (const mode of ['auto', 'legacy'] as const) {
    const before = upstream.calls.length;
    const transport = new TransportV2(new URL(`http://127.0.0.1:${gateway.port}/mcp/files`), {
      requestInit: { headers: { authorization: `Bearer ${token}` } },
    });
    const client = new ClientV2({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode } });
    // The transport's declared type differs from the interface in optional members only (exactOptionalPropertyTypes).
    await client.connect(transport as Parameters<ClientV2['connect']>[0]);
    const args = { mode };
    const call = () => client.callTool({ name: 'broken', arguments: args });
    const held = call();
    const request = await pendingRequest(at, 'broken');
    if (mode === 'auto') {
      await eventually('a second leg', () =>
        at.prisma.mcpRound.findFirst({ where: { usedAt: { gt: request.requestedAt } } }),
      );
    } else assert.equal(recordOf(await held).code, 'approval-pending');
    await vote(at, request.id, 'approve');
    const answer = mode === 'auto' ? held : call();
    assert.deepEqual((await answer).content, [{ type: 'text', text: JSON.stringify(args) }], mode);
    assert.equal(upstream.calls.length, before + 1, mode);
    await client.close();
  }
});

test('a kill ends a waiting leg and a waiting task, and the next leg of the one finds it dead', async () => {
  const first = await hold({ n: 12 });
  const taskful = { capabilities: { extensions: { 'io.modelcontextprotocol/tasks': {} } } };
  const task = await ask('tools/call', { name: 'slow', arguments: { n: 12 } }, taskful);
  const leg = wait('broken', { n: 13 });
  await eventually(
    'three requests',
    async () => (await at.prisma.approvalRequest.count({ where: { status: 'pending' } })) === 3,
  );
  const killed = await kill(at, { kind: 'operator', name: 'operator' }, { scope: 'high-risk', reason: 'drill' });
  assert.ok(killed.ok);
  assert.equal(recordOf((await leg).result).code, 'killed');
  assert.equal(recordOf((await hold({ n: 12 }, {}, { requestState: stateOf(first) })).result).code, 'killed');
  const polled = await ask('tasks/get', { taskId: task.result.taskId }, taskful);
  assert.equal(polled.result.status, 'completed');
  assert.equal(recordOf(polled.result.result).code, 'killed');
  assert.equal(upstream.calls.filter(({ body }) => body.includes('"n":12') || body.includes('"n":13')).length, 0);
});
