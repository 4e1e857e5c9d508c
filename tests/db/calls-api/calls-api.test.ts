import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { type CallAnswer, callAnswerSchema } from '#lib/contracts/calls.ts';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { expireOutcomes } from '#lib/server/calls-api/expire-outcomes.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { agentWithToken, eventually, startTestGateway, vote } from '#tests/fixtures/gateway.ts';
import { GATEWAY_URL, type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';

let at: Installation;
let gateway: Gateway;
let token = '';
let stranger = '';

before(async () => {
  at = await openInstallation();
  const made = await registerServer(
    at,
    at.admin,
    serverCreateSchema.parse({
      transport: 'external',
      name: 'host',
      tools: [
        { name: 'exec', class: 'shell' },
        { name: 'read', class: 'file-read', tier: 'low', reason: 'a scratch folder' },
      ],
    }),
  );
  assert.ok(made.ok);
  ({ token } = await agentWithToken(at, { name: 'hooks', servers: ['host'], pendingCap: 50 }, '/api/v1/calls'));
  ({ token: stranger } = await agentWithToken(at, { name: 'stranger', servers: ['host'] }, '/api/v1/calls'));
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway.close();
  await at.close();
});

type Sent = { readonly status: number; readonly body: Record<string, unknown> };

async function send(method: string, path: string, body?: unknown, more: Record<string, string> = {}): Promise<Sent> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...more },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}
async function ask(
  tool: string,
  args: Record<string, unknown>,
  more: Record<string, unknown> = {},
): Promise<CallAnswer> {
  const sent = await send('POST', '', { server: 'host', tool, arguments: args, ...more });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  return callAnswerSchema.parse(sent.body);
}
async function read(callId: string, wait = 0): Promise<CallAnswer> {
  return callAnswerSchema.parse((await send('GET', `/${callId}?wait=${wait}`)).body);
}
const requestOf = (answer: CallAnswer) => {
  assert.ok(answer.requestId);
  return answer.requestId;
};
const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;

test('a low-risk call is allowed at once, with a receipt that verifies and is bound to the digest', async () => {
  const answer = await ask('read', { path: 'a.txt' });
  assert.equal(answer.decision, 'allow');
  const jwks = await (await fetch(`http://127.0.0.1:${gateway.port}/.well-known/jwks.json`)).json();
  const { payload } = await jwtVerify(answer.authorization ?? '', createLocalJWKSet(jwks), {
    issuer: GATEWAY_URL,
    typ: 'countersign-receipt+jwt',
    algorithms: ['EdDSA'],
  });
  assert.deepEqual([payload.digest, payload.jti, payload.tool], [answer.digest, answer.callId, 'read']);
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 60);
  const closed = await send('POST', `/${answer.callId}/outcome`, {
    status: 'succeeded',
    durationMs: 12,
    result: { ok: true },
  });
  assert.equal(closed.status, 200);
  const late = await read(answer.callId);
  assert.equal(late.state, 'succeeded');
  assert.match(late.message, /is over/, 'a late poll must not invite to run the call again');
});

test('a receipt is no access token', async () => {
  const answer = await ask('read', { path: 'receipt' });
  const response = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls/${answer.callId}`, {
    headers: { authorization: `Bearer ${answer.authorization}` },
  });
  assert.equal(response.status, 401);
});

test('a high-risk call waits; once approved a poll is allowed, once, and repeated polls get the same receipt', async () => {
  const asked = await ask('exec', { command: 'ls' });
  assert.equal(asked.decision, 'pending');
  assert.ok(asked.expiresAt && asked.pollAfterMs);
  for (let poll = 0; poll < 3; poll++) assert.equal((await read(asked.callId)).decision, 'pending');
  await vote(at, requestOf(asked), 'approve');
  assert.equal(await statusOf(requestOf(asked)), 'approved', 'an approval alone consumes nothing');
  const allowed = await read(asked.callId);
  assert.equal(allowed.decision, 'allow');
  assert.equal(allowed.digest, asked.digest);
  assert.equal(await statusOf(requestOf(asked)), 'consumed');
  const again = await read(asked.callId);
  assert.equal(again.authorization, allowed.authorization);
  const done = await send('POST', `/${asked.callId}/outcome`, { status: 'failed', durationMs: 3, error: 'exit 1' });
  assert.equal(done.status, 200);
  assert.equal(await statusOf(requestOf(asked)), 'failed');
  const types = (await recordedEvents(at.prisma))
    .filter((one) => one.text.includes(asked.callId))
    .map((one) => one.type);
  assert.deepEqual(
    types.filter((type) => !type.startsWith('vote')),
    ['request.opened', 'request.approved', 'request.consumed', 'call.intent', 'call.outcome', 'request.finished'],
  );
});

test('a call that waits is answered the moment a human decides', async () => {
  const asking = ask('exec', { command: 'date' }, { wait: 20 });
  const waiting = await eventually('the request is there', () =>
    at.prisma.approvalRequest.findFirst({ where: { status: 'pending', toolName: 'exec' } }),
  );
  await vote(at, waiting.id, 'approve');
  assert.equal((await asking).decision, 'allow');
});

test('eight polls at once consume one approval and agree', async () => {
  const asked = await ask('exec', { command: 'eight' });
  await vote(at, requestOf(asked), 'approve');
  const answers = await Promise.all(Array.from({ length: 8 }, () => read(asked.callId, 2)));
  assert.deepEqual([...new Set(answers.map((one) => one.decision))], ['allow']);
  assert.equal(new Set(answers.map((one) => one.authorization)).size, 1);
  const consumed = (await recordedEvents(at.prisma)).filter(
    (one) => one.type === 'request.consumed' && one.text.includes(asked.callId),
  );
  assert.equal(consumed.length, 1);
});

test('a denial is final, and a cancelled call can no longer be approved into running', async () => {
  const denied = await ask('exec', { command: 'rm' });
  await vote(at, requestOf(denied), 'deny');
  assert.deepEqual(
    [(await read(denied.callId)).decision, (await read(denied.callId)).code],
    ['deny', 'denied-by-human'],
  );
  const cancelled = await ask('exec', { command: 'sleep' });
  const answer = callAnswerSchema.parse((await send('POST', `/${cancelled.callId}/cancel`)).body);
  assert.deepEqual([answer.decision, answer.state], ['deny', 'cancelled']);
  assert.equal(await statusOf(requestOf(cancelled)), 'withdrawn');
});

test('the same idempotency key and body mean one call; another body is refused', async () => {
  const first = await ask('exec', { command: 'once' }, { idempotencyKey: 'k1' });
  const second = await ask('exec', { command: 'once' }, { idempotencyKey: 'k1', wait: 0 });
  assert.equal(second.callId, first.callId);
  const allowedOnce = await ask('read', { path: 'once' }, { idempotencyKey: 'k2' });
  const allowedAgain = await ask('read', { path: 'once' }, { idempotencyKey: 'k2' });
  assert.deepEqual(allowedAgain, allowedOnce);
  const other = await send('POST', '', {
    server: 'host',
    tool: 'read',
    arguments: { path: 'twice' },
    idempotencyKey: 'k2',
  });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency-mismatch']);
});

test('a second request with a key still in flight is told so', async () => {
  const known = new Set((await at.prisma.approvalRequest.findMany({ select: { id: true } })).map((one) => one.id));
  const asking = ask('exec', { command: 'flight' }, { idempotencyKey: 'k3', wait: 20 });
  const waiting = await eventually('the request is there', () =>
    at.prisma.approvalRequest.findFirst({ where: { id: { notIn: [...known] } } }),
  );
  const body = { server: 'host', tool: 'exec', arguments: { command: 'flight' }, idempotencyKey: 'k3' };
  const second = await send('POST', '', body);
  assert.deepEqual([second.status, second.body.code], [409, 'idempotency-in-flight']);
  await vote(at, waiting.id, 'deny');
  assert.equal((await asking).decision, 'deny');
});

test('what two readers could read differently never reaches the door', async () => {
  const before = await at.prisma.decisionCall.count();
  const cases: [string, string, string, number][] = [
    ['a duplicate key', '{"server":"host","tool":"exec","tool":"read","arguments":{}}', 'bad-json', 400],
    ['another case', '{"server":"host","tool":"read","Tool":"exec","arguments":{}}', 'bad-json', 400],
    ['a lone surrogate', '{"server":"host","tool":"read","arguments":{"a":"\\ud800"}}', 'bad-json', 400],
    ['an unsafe integer', '{"server":"host","tool":"read","arguments":{"a":9007199254740993}}', 'bad-json', 400],
    ['an unknown member', '{"server":"host","tool":"read","arguments":{},"admin":true}', 'invalid-request', 422],
    ['arguments that are a list', '{"server":"host","tool":"read","arguments":[]}', 'invalid-request', 422],
  ];
  for (const [name, text, code, status] of cases) {
    const sent = await send('POST', '', text);
    assert.deepEqual([sent.status, sent.body.code], [status, code], name);
  }
  const plain = await send('POST', '', '{}', { 'content-type': 'text/plain' });
  assert.equal(plain.status, 415);
  assert.equal(await at.prisma.decisionCall.count(), before);
});

test('another agent, a cookie and a token for MCP see nothing', async () => {
  const asked = await ask('exec', { command: 'mine' });
  const other = await send('GET', `/${asked.callId}`, undefined, { authorization: `Bearer ${stranger}` });
  assert.equal(other.status, 404);
  const unknown = await send('GET', '/018f0000-0000-7000-8000-000000000000');
  assert.deepEqual(other.body, unknown.body, 'an id of somebody else reads like one that never was');
  const cookie = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls/${asked.callId}`, {
    headers: { cookie: 'next-auth.session-token=x' },
  });
  assert.equal(cookie.status, 401);
  assert.match(cookie.headers.get('www-authenticate') ?? '', /resource_metadata=/);
});

test('a call for an unknown server or tool is denied and on record', async () => {
  const answer = await ask('no-such-tool', {});
  assert.deepEqual([answer.decision, answer.code], ['deny', 'unknown-tool']);
  assert.equal((await read(answer.callId)).code, 'unknown-tool');
});

test('an outcome that nobody reports becomes unknown, and cannot be reported afterwards', async () => {
  const asked = await ask('exec', { command: 'forgotten' });
  await vote(at, requestOf(asked), 'approve');
  assert.equal((await read(asked.callId)).decision, 'allow');
  assert.equal(await expireOutcomes(at), 0);
  await at.prisma.decisionCall.update({
    where: { id: asked.callId },
    data: { allowedAt: new Date(Date.now() - 601_000) },
  });
  const counts = await Promise.all([expireOutcomes(at), expireOutcomes(at)]);
  assert.equal(counts[0] + counts[1], 1);
  assert.equal(await statusOf(requestOf(asked)), 'unknown_outcome');
  const late = await send('POST', `/${asked.callId}/outcome`, { status: 'succeeded', durationMs: 1 });
  assert.equal(late.status, 409);
});

test('a kill ends what waits, and nothing high-risk is allowed while it is on', async () => {
  const asked = await ask('exec', { command: 'killed' });
  const killed = await kill(at, at.admin, { scope: 'high-risk', reason: 'a drill' });
  assert.ok(killed.ok);
  const answer = await read(asked.callId);
  assert.deepEqual([answer.decision, answer.code], ['deny', 'killed']);
  assert.equal((await ask('exec', { command: 'after' })).code, 'killed');
  assert.equal((await ask('read', { path: 'still' })).decision, 'allow');
});
