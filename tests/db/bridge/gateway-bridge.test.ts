import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import type { RecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import { startTcpProxy } from '#tests/fakes/tcp-proxy.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, pendingRequest, vote } from '#tests/fixtures/gateway.ts';
import type { Installation } from '#tests/fixtures/installation.ts';
import { type Bridged, closeBridged, INITIALIZE, openBridged, shakeHands, startBridge } from './running-bridge.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let place: Bridged['place'];
let secrets: Bridged['secrets'];
let tokenFile: string;
let secretFile: string;
let clientId: string;
let clientSecret: string;

before(async () => {
  ({ at, upstream, place, gateway, secrets } = await openBridged({ echo: 'high', slow: 'low', steps: 'low' }));
  ({ clientId, clientSecret } = await makeAgent(at, { name: 'carrier', servers: ['files'] }));
  secretFile = secrets.put('secret', `${clientSecret}\n`);
  const issued = await issueToken(at, at.admin, 'carrier', { audience: '/mcp/files', ttlS: 3600 });
  assert.ok(issued.ok);
  tokenFile = secrets.put('token', `${issued.value.token}\n`);
});
after(() => closeBridged({ at, upstream, gateway, secrets }));

const call = (id: number, name: string, args: object = {}, meta?: object) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) },
});

test('a client of the older revisions lists and calls through the bridge, with its progress', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', clientId, clientSecretFile: secretFile });
  await shakeHands(bridge);
  const list = await bridge.ask({ id: 1, method: 'tools/list' });
  assert.match(list.raw, /"name":"steps"/);
  const got = await bridge.ask(call(2, 'steps', { a: 1 }, { progressToken: 'p' }));
  assert.match(got.raw, /\{\\"a\\":1\}/);
  const progress = bridge.lines.filter(({ body }) => body.method === 'notifications/progress');
  assert.ok(progress.length >= 1);
  assert.equal(await bridge.close(), 0);
  assert.deepEqual(bridge.said, []);
});

test('a client of the stateless revision calls through the bridge, which says in headers what its body says', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', tokenFile });
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const found = await bridge.ask({ id: 1, method: 'server/discover', params: { _meta } });
  assert.match(found.raw, /"supportedVersions":\["2026-07-28"\]/);
  const got = await bridge.ask(call(2, 'steps', { b: 2 }, _meta));
  assert.match(got.raw, /"resultType":"complete"/);
  assert.match(got.raw, /\{\\"b\\":2\}/);
  assert.equal(await bridge.close(), 0);
});

test('a line is passed on as it was written: a number that a parser would round is refused, not rounded', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', tokenFile });
  await shakeHands(bridge);
  const seen = upstream.calls.length;
  bridge.send(
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"steps","arguments":{"n":9007199254740993}}}',
  );
  assert.match((await bridge.answer(7)).raw, /bad-json|I-JSON/);
  assert.equal(upstream.calls.length, seen);
  await bridge.close();
});

test('a held call runs once people approve, and a cancelled one is withdrawn and gets no answer', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', tokenFile });
  await shakeHands(bridge);
  const held = bridge.ask(call(1, 'echo', { c: 1 }));
  const request = await pendingRequest(at, 'echo');
  await vote(at, request.id, 'approve');
  assert.match((await held).raw, /\{\\"c\\":1\}/);
  bridge.send(JSON.stringify({ jsonrpc: '2.0', ...call(2, 'echo', { c: 2 }) }));
  const second = await pendingRequest(at, 'echo');
  bridge.send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}');
  await eventually('the withdrawal', async () => {
    const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: second.id } });
    return row.status === 'withdrawn';
  });
  assert.equal(await bridge.close(), 0);
  assert.ok(!bridge.lines.some(({ body }) => body.id === 2));
});

test('a call in flight when the gateway dies is answered as unknown and never sent again; the next one runs', async () => {
  // A cable that can be cut: closing the gateway itself would let the call end first.
  const cable = await startTcpProxy('127.0.0.1', place.port);
  const cut = startBridge({ url: `http://127.0.0.1:${cable.port}`, server: 'files', tokenFile });
  await shakeHands(cut);
  const before = upstream.calls.length;
  const lost = cut.ask(call(1, 'slow', { d: 1 }));
  await upstream.arrived(before + 1);
  cable.cut();
  const answer = await lost;
  assert.match(answer.raw, /"code":"unknown-outcome"/);
  assert.match(answer.raw, /"isError":true/);
  upstream.release();
  cable.restore();
  const next = await cut.ask(call(2, 'steps', { d: 2 }));
  assert.match(next.raw, /\{\\"d\\":2\}/);
  const slow = upstream.calls.slice(before).filter(({ body }) => body.includes('"slow"'));
  assert.equal(slow.length, 1);
  assert.equal(await cut.close(), 0);
  await cable.close();
});

test('a message waits for a gateway that restarts, and its session goes on', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', clientId, clientSecretFile: secretFile });
  await shakeHands(bridge);
  await gateway.close();
  const waiting = bridge.ask(call(1, 'steps', { e: 1 }));
  await eventually('the bridge to notice', async () => bridge.said.length > 0);
  gateway = await place.start();
  assert.match((await waiting).raw, /\{\\"e\\":1\}/);
  assert.equal(await bridge.close(), 0);
});

test('a session that the gateway has forgotten is opened again without the client’s help', async () => {
  const bridge = startBridge({ url: place.url, server: 'files', tokenFile });
  await shakeHands(bridge);
  await gateway.close();
  await at.prisma.$executeRawUnsafe('UPDATE mcp_sessions SET closed_at = clock_timestamp()');
  gateway = await place.start();
  assert.match((await bridge.ask(call(1, 'steps', { f: 1 }))).raw, /\{\\"f\\":1\}/);
  assert.equal(bridge.lines.filter(({ body }) => body.id === INITIALIZE.id).length, 1);
  assert.equal(await bridge.close(), 0);
});

test('a token file that was replaced is used from the next request on', async () => {
  const file = secrets.put('moving', 'cs_this-token-was-never-issued-to-anybody-000000000');
  const bridge = startBridge({ url: place.url, server: 'files', tokenFile: file });
  assert.match((await bridge.ask(INITIALIZE)).raw, /token-invalid/);
  const issued = await issueToken(at, at.admin, 'carrier', { audience: '/mcp/files', ttlS: 3600 });
  assert.ok(issued.ok);
  secrets.put('moving', issued.value.token);
  const again = await eventually('the new token', async () => {
    const got = await bridge.ask({ ...INITIALIZE, id: `init-${Date.now()}` });
    return 'result' in got.body ? got : null;
  });
  assert.match(again.raw, /protocolVersion/);
  assert.equal(await bridge.close(), 0);
});

test('wrong credentials end the bridge with 1, nobody there with 3, secrets typed or left open with 2 and 1', async () => {
  const wrong = secrets.put('wrong', 'this-is-not-the-secret');
  const refused = startBridge({ url: place.url, server: 'files', clientId, clientSecretFile: wrong });
  await refused.ask(INITIALIZE);
  assert.equal(await refused.ended, 1);

  const nobody = startBridge({ url: 'http://127.0.0.1:1', server: 'files', tokenFile, patience: 0 });
  assert.match((await nobody.ask(INITIALIZE)).raw, /Nothing ran/);
  assert.equal(await nobody.ended, 3);

  const typed = startBridge({
    url: place.url,
    server: 'files',
    tokenFile: 'cs_abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr',
  });
  assert.equal(await typed.ended, 2);
  const open = secrets.put('open', clientSecret, 0o644);
  const readable = startBridge({ url: place.url, server: 'files', clientId, clientSecretFile: open });
  assert.equal(await readable.ended, 1);
  const plain = startBridge({ url: 'http://gateway.example.com', server: 'files', tokenFile });
  assert.equal(await plain.ended, 2);
  const said = [...refused.said, ...nobody.said, ...typed.said, ...readable.said, ...plain.said].join('\n');
  assert.ok(!said.includes(clientSecret) && !said.includes('cs_abcdef'), said);
});
