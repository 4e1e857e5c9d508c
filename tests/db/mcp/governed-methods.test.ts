import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { holdRecordSchema } from '#lib/contracts/calls.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { type EverythingUpstream, startEverythingUpstream } from '#tests/conformance/everything-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  pendingRequest,
  rawCall,
  startTestGateway,
  vote,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';
import { stateless } from './stateless-client.ts';

let at: Installation;
let upstream: EverythingUpstream;
let gateway: Gateway;
let token: string;
let client: Client;

before(async () => {
  at = await openInstallation();
  upstream = await startEverythingUpstream();
  const tiers = {
    'resources/list': 'low',
    'resources/read': 'high',
    'prompts/list': 'low',
    'prompts/get': 'low',
  } as const;
  await acceptUpstream(at, 'docs', upstream, { ...tiers, test_tool_with_logging: 'low', test_sampling: 'low' });
  ({ token } = await agentWithToken(at, { name: 'reader', servers: ['docs'], requestTimeoutMs: 6_000 }, '/mcp/docs'));
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/docs', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

const reads = () => upstream.methods.filter((method) => method === 'resources/read').length;
const uri = 'test://static-text';
const send = (method: string, params: Record<string, unknown>) =>
  rawCall(gateway, '/mcp/docs', token, { id: 1, method, params });

test('reading a resource is a call: it is held, recorded, and runs once when a human has approved it', async () => {
  const before = reads();
  const reading = client.readResource({ uri });
  const request = await pendingRequest(at, 'resources/read');
  assert.equal(request.tier, 'high');
  assert.equal(request.actionClass, 'file-read');
  assert.equal(reads(), before, 'nothing has left');
  await vote(at, request.id, 'approve');
  const { contents } = await reading;
  assert.deepEqual(contents[0], {
    uri,
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  });
  assert.equal(reads(), before + 1);
  const events = (await recordedEvents(at.prisma)).filter((event) => event.text.includes('"tool":"resources/read"'));
  for (const type of ['request.opened', 'request.consumed', 'call.intent', 'call.outcome']) {
    assert.ok(
      events.some((event) => event.type === type),
      type,
    );
  }
});

test('a method that has no isError answers a refusal as an error that carries our code and record', async () => {
  const held = send('resources/read', { uri: 'test://watched-resource' });
  await vote(at, (await pendingRequest(at, 'resources/read')).id, 'deny');
  const { error } = JSON.parse((await held).text.split('data: ').at(-1) ?? '');
  assert.equal(error.code, -32001);
  assert.equal(error.data.code, 'denied-by-human');
  assert.equal(holdRecordSchema.parse(error.data).decision, 'deny');
});

test('arguments that the method does not have are refused before anybody is asked', async () => {
  const open = await at.prisma.approvalRequest.count();
  const answer = await send('resources/read', { uri, Uri: 'test://static-binary', extra: 1 });
  assert.match(answer.text, /args-invalid|differs from the standard one/);
  const extra = await send('resources/read', { uri, extra: 1 });
  assert.match(extra.text, /"code":-32602.*args-invalid/);
  assert.equal(await at.prisma.approvalRequest.count(), open);
});

test('methods are no tools: they are not listed as such, and cannot be called as such', async () => {
  const { tools } = await client.listTools();
  assert.ok(!tools.some((tool) => tool.name.includes('/')));
  const before = upstream.methods.length;
  const called = await send('tools/call', { name: 'resources/list', arguments: {} });
  assert.match(called.text, /unknown-tool/);
  assert.equal(upstream.methods.length, before);
});

test('only what was accepted is offered; the rest is refused, and what the server has not is not found', async () => {
  const capabilities = client.getServerCapabilities();
  assert.deepEqual(Object.keys(capabilities ?? {}).sort(), ['completions', 'logging', 'prompts', 'resources', 'tools']);
  assert.deepEqual(capabilities?.resources, {}, 'no subscriptions');
  assert.match((await send('resources/subscribe', { uri })).text, /-32601/);
});

test('a server nobody has accepted yet offers no methods and refuses them', async () => {
  const made = await registerServer(at, at.admin, {
    transport: 'http',
    name: 'fresh',
    url: `http://localhost:${upstream.port}/mcp`,
    tier: 'high',
    description: '',
    egress: { ...loopbackEntry(upstream.port), host: 'localhost' },
  });
  assert.ok(made.ok, JSON.stringify(made));
  assert.ok((await scanServer(at, at.admin, 'fresh')).ok);
  const agent = await agentWithToken(at, { name: 'early', servers: ['fresh'] }, '/mcp/fresh');
  const ask = () => rawCall(gateway, '/mcp/fresh', agent.token, { id: 1, method: 'resources/list', params: {} });
  const answer = await eventually('the gateway to know the agent', async () => {
    const got = await ask();
    return got.status === 200 && got;
  });
  assert.match(answer.text, /"code":-32001.*tool-quarantined/);
  const found = await stateless(gateway, '/mcp/fresh', agent.token, 'server/discover');
  assert.deepEqual(Object.keys(Object(found.result.capabilities)).sort(), ['extensions', 'logging', 'tools']);
});

test('an upstream tool that calls itself like a method is left out', async () => {
  const tool = await at.prisma.tool.findFirstOrThrow({ where: { name: 'resources/read', server: { name: 'docs' } } });
  assert.match(JSON.stringify(tool.definition), /a method of the protocol/);
});

test('prompts pass with their arguments, in both eras', async () => {
  const args = { arg1: 'a', arg2: 'b' };
  const { messages } = await client.getPrompt({ name: 'test_prompt_with_arguments', arguments: args });
  assert.match(JSON.stringify(messages), /arg1='a', arg2='b'/);
  const newer = await stateless(gateway, '/mcp/docs', token, 'prompts/get', {
    name: 'test_prompt_with_arguments',
    arguments: args,
  });
  assert.equal(newer.result.resultType, 'complete');
  assert.deepEqual(newer.result.messages, messages);
});

test('a held read goes on in legs, and its cached copy would be private', async () => {
  const ask = (more: Record<string, unknown> = {}) =>
    stateless(gateway, '/mcp/docs', token, 'resources/read', { uri: 'test://static-binary', ...more });
  const first = await ask();
  assert.equal(first.result.resultType, 'input_required');
  const next = ask({ requestState: first.result.requestState });
  await vote(at, (await pendingRequest(at, 'resources/read')).id, 'approve');
  const { result } = await next;
  assert.equal(result.resultType, 'complete');
  assert.equal(result.cacheScope, 'private');
});

test('log messages pass from the level that the session asked for', async () => {
  const heard: unknown[] = [];
  client.fallbackNotificationHandler = async (notification) => {
    heard.push(notification.method);
  };
  await client.setLoggingLevel('warning');
  await client.callTool({ name: 'test_tool_with_logging' });
  assert.deepEqual(heard, []);
  await client.setLoggingLevel('info');
  await client.callTool({ name: 'test_tool_with_logging' });
  assert.equal(heard.length, 3);
  assert.match((await send('logging/setLevel', { level: 'loud' })).text, /invalid-request/);
});

test('stateless, log messages pass only where the request asks for them', async () => {
  const ask = (meta: Record<string, unknown>) =>
    stateless(gateway, '/mcp/docs', token, 'tools/call', { name: 'test_tool_with_logging', arguments: {} }, { meta });
  assert.equal((await ask({})).text.includes('notifications/message'), false);
  const asked = await ask({ 'io.modelcontextprotocol/logLevel': 'info' });
  assert.equal(asked.text.match(/notifications\/message/g)?.length, 3);
});

test('what a server asks of the agent\u2019s model it is refused at once', async () => {
  const answer = await client
    .callTool({ name: 'test_sampling', arguments: { prompt: 'x' } })
    .catch((error: unknown) => error);
  assert.match(JSON.stringify(answer) + String(answer), /-32601|passes on no requests/);
  assert.match(JSON.stringify(upstream.refusals), /-32601/);
});

test('the aggregate has tools only', async () => {
  const all = await agentWithToken(at, { name: 'all', servers: ['docs'], aggregate: true }, '/mcp');
  const answer = await eventually('the gateway to know the agent', async () => {
    const got = await rawCall(gateway, '/mcp', all.token, { id: 1, method: 'resources/list', params: {} });
    return got.status === 200 && got;
  });
  assert.match(answer.text, /-32601/);
  const smuggled = await rawCall(gateway, '/mcp', all.token, {
    id: 2,
    method: 'tools/call',
    params: { name: 'docs__resources/list', arguments: {} },
  });
  assert.match(smuggled.text, /unknown-tool/);
});
