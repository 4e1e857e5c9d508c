import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, pendingRequest, vote } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { gatewayThatReturns, type RunningBridge, secretsDirectory, shakeHands, startBridge } from './running-bridge.ts';

const LOCAL = fileURLToPath(new URL('./local-server.ts', import.meta.url));
let at: Installation;
let gateway: Gateway;
let place: Awaited<ReturnType<typeof gatewayThatReturns>>;
let secrets: ReturnType<typeof secretsDirectory>;
let credentials: { readonly clientId: string; readonly clientSecretFile: string };
let diary: string;

before(async () => {
  at = await openInstallation();
  place = await gatewayThatReturns(at);
  secrets = secretsDirectory();
  diary = join(secrets.path, 'diary');
  const made = await registerServer(at, at.admin, {
    transport: 'external',
    name: 'local',
    tier: 'high',
    description: '',
    tools: [
      { name: 'echo', class: 'other', tier: 'low', reason: 'says it back', description: 'As people accepted it.' },
      { name: 'risky', class: 'shell', tier: 'high', description: '' },
    ],
  });
  assert.ok(made.ok);
  const agent = await makeAgent(at, { name: 'neighbour', servers: ['local'] });
  credentials = { clientId: agent.clientId, clientSecretFile: secrets.put('secret', agent.clientSecret) };
  gateway = await place.start();
});
after(async () => {
  await gateway.close();
  secrets.dispose();
  await at.close();
});
beforeEach(() => writeFileSync(diary, ''));

async function start(hold = 20): Promise<RunningBridge> {
  const command = [process.execPath, LOCAL, diary];
  const bridge = startBridge({ url: place.url, server: 'local', stdio: true, command, hold, ...credentials });
  await shakeHands(bridge);
  return bridge;
}
const call = (id: number, name: string, args: object) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});
const ran = () =>
  readFileSync(diary, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"tools/call"'));

test('only accepted tools are listed, under the words people accepted, and nothing but tools is offered', async () => {
  const bridge = await start();
  const list = await bridge.ask({ id: 1, method: 'tools/list' });
  assert.match(list.raw, /As people accepted it/);
  assert.doesNotMatch(list.raw, /hidden|Own words of echo/);
  const [hello] = bridge.lines;
  assert.doesNotMatch(hello?.raw ?? '', /resources|prompts/);
  assert.match(
    (await bridge.ask({ id: 2, method: 'resources/read', params: { uri: 'file:///etc/passwd' } })).raw,
    /-32601/,
  );
  assert.match((await bridge.ask(call(3, 'hidden', {}))).raw, /"code":"unknown-tool"/);
  assert.deepEqual(ran(), []);
  assert.ok(!bridge.lines.some(({ body }) => body.method === 'sampling/createMessage'));
  assert.equal(await bridge.close(), 0);
});

test('an allowed call runs with the canonical arguments, and its end is on record', async () => {
  const bridge = await start();
  bridge.send(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"b": 1.0, "a":"x"}}}',
  );
  assert.match((await bridge.answer(1)).raw, /\{\\"a\\":\\"x\\",\\"b\\":1\}/);
  assert.match(ran()[0] ?? '', /"arguments":\{"a":"x","b":1\}/);
  const row = await eventually('the record', () => at.prisma.decisionCall.findFirst({ where: { toolName: 'echo' } }));
  assert.equal(row.state, 'succeeded');
  assert.equal(await bridge.close(), 0);
});

test('a held call runs after an approval and once; a denied one never', async () => {
  const bridge = await start();
  const held = bridge.ask(call(1, 'risky', { c: 1 }));
  await vote(at, (await pendingRequest(at, 'risky')).id, 'approve');
  assert.match((await held).raw, /\{\\"c\\":1\}/);
  assert.equal(ran().length, 1);
  const denied = bridge.ask(call(2, 'risky', { c: 2 }));
  await vote(at, (await pendingRequest(at, 'risky')).id, 'deny');
  const answer = await denied;
  assert.match(answer.raw, /"isError":true/);
  assert.match(answer.raw, /denied-by-human/);
  assert.equal(ran().length, 1);
  assert.equal(await bridge.close(), 0);
});

test('a call that nobody decides in time is answered as pending, with the record, and does not run', async () => {
  const bridge = await start(0);
  const answer = await bridge.ask(call(1, 'risky', { d: 1 }));
  assert.match(answer.raw, /"decision":"pending"/);
  assert.match(answer.raw, /"requestId"/);
  assert.deepEqual(ran(), []);
  // Nothing is left waiting for the tests that look for what waits.
  await vote(at, (await pendingRequest(at, 'risky')).id, 'deny');
  assert.equal(await bridge.close(), 0);
});

test('a cancelled call is withdrawn and does not run', async () => {
  const bridge = await start();
  bridge.send(JSON.stringify({ jsonrpc: '2.0', ...call(1, 'risky', { e: 1 }) }));
  const request = await eventually('the request', () =>
    at.prisma.approvalRequest.findFirst({
      where: { toolName: 'risky', status: 'pending' },
      orderBy: { requestedAt: 'desc' },
    }),
  );
  bridge.send('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}');
  await eventually('the withdrawal', async () => {
    const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
    return row.status === 'withdrawn';
  });
  assert.equal(await bridge.close(), 0);
  assert.deepEqual(ran(), []);
  assert.ok(!bridge.lines.some(({ body }) => body.id === 1));
});

test('without a gateway nothing is listed and nothing runs', async () => {
  const bridge = await start();
  await gateway.close();
  try {
    assert.match((await bridge.ask(call(1, 'echo', { f: 1 }))).raw, /"isError":true/);
    assert.match((await bridge.ask({ id: 2, method: 'tools/list' })).raw, /"error"/);
    assert.deepEqual(ran(), []);
  } finally {
    gateway = await place.start();
  }
  assert.equal(await bridge.close(), 0);
});
