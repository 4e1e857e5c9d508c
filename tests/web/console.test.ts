import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { type Hint, hintSchema } from '#lib/contracts/live.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type RunningConsole, startConsole, visit } from '#tests/fixtures/console.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let running: RunningConsole;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  running = await startConsole(at);
});
after(async () => {
  assert.equal(await running.stop(), 0, 'the console drains and ends by itself');
  await held.close();
  await at.close();
});

function connect(cookie: string, origin: string = running.url): Socket {
  return io(`${running.url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { origin, ...(cookie === '' ? {} : { cookie }) },
  });
}

async function outcome(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once('connect', () => resolve('connected'));
  socket.once('connect_error', (error) => resolve(error.message));
  return promise;
}

test("the session cookie is out of scripts' reach, and a new sign-in never keeps an old session (T38)", async () => {
  const visitor = visit(running);
  const first = await visitor.signIn(at.admin.email);
  const cookie = first.headers.getSetCookie().find((line) => line.startsWith('countersign.session.')) ?? '';
  assert.match(cookie, /; Path=\/; .*HttpOnly; SameSite=Lax$/);
  const before = visitor.cookies();
  await visitor.signIn(at.admin.email);
  assert.notEqual(visitor.cookies(), before);
});

test('a copy of the cookie is worthless after signing out', async () => {
  const visitor = visit(running);
  await visitor.signIn(at.admin.email);
  const copy = visitor.cookies();
  assert.equal((await visitor.send('GET', '/api/v1/me')).status, 200);
  await visitor.signOut();
  assert.equal((await visit(running).send('GET', '/api/v1/me', { headers: { cookie: copy } })).status, 401);
});

test('pages carry a policy with a fresh nonce, which the scripts in them carry too', async () => {
  const answers = [await visit(running).send('GET', '/sign-in'), await visit(running).send('GET', '/sign-in')];
  const nonces = answers.map((answer) => {
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe-eval/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    const scripts = answer.text.match(/<script[^>]*>/g) ?? [];
    assert.ok(scripts.length > 0);
    for (const script of scripts) assert.ok(script.includes(`nonce="${nonce}"`), script);
    return nonce;
  });
  assert.notEqual(nonces[0], nonces[1]);
  const api = await visit(running).send('GET', '/api/v1/me');
  assert.match(api.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  assert.equal(api.headers.get('x-content-type-options'), 'nosniff');
  assert.equal(api.headers.get('referrer-policy'), 'no-referrer');
  const chunk = /src="(\/_next\/static\/[^"]+\.js)/.exec(answers[0]?.text ?? '')?.[1] ?? '';
  const script = await visit(running).send('GET', chunk);
  assert.equal(script.status, 200);
  assert.match(script.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
});

test('a page for signed-in people sends strangers to sign in and back', async () => {
  const answer = await visit(running).send('GET', '/approvals');
  assert.equal(answer.status, 307);
  assert.match(answer.headers.get('location') ?? '', /\/sign-in\?next=/);
});

/** A request as node:http sends it, because fetch lets nobody choose the Host. */
async function rawStatus(
  headers: Readonly<Record<string, string>>,
  path = '/api/v1/me',
  method = 'GET',
): Promise<number> {
  const request = httpRequest({ host: '127.0.0.1', port: running.port, path, method, headers });
  request.end();
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

test('a host that is not ours, a body of unknown length and one that is too long are refused', async () => {
  assert.equal(await rawStatus({ host: 'evil.example' }), 421);
  assert.equal(await rawStatus({ host: `127.0.0.1:${running.port}` }), 401);
  const host = `localhost:${running.port}`;
  assert.equal(await rawStatus({ host, 'transfer-encoding': 'chunked' }, '/api/v1/setup', 'POST'), 411);
  assert.equal(await rawStatus({ host, 'content-length': '99999999' }, '/api/v1/setup', 'POST'), 413);
});

test('a client cannot choose its own address, so guessing stays limited whatever it claims', async () => {
  const codes: string[] = [];
  for (let i = 0; i < 10; i++) {
    const visitor = visit(running);
    const csrf = /"csrfToken":"(\w+)"/.exec((await visitor.send('GET', '/api/auth/csrf')).text)?.[1];
    const answer = await visitor.send('POST', '/api/auth/callback/credentials', {
      body: { csrfToken: csrf, json: 'true', email: 'guess@example.com', password: 'x' },
      headers: { 'x-forwarded-for': `198.51.100.${i}`, 'x-countersign-client': `198.51.100.${i}` },
    });
    codes.push(/error=([a-z-]+)/.exec(answer.text)?.[1] ?? '');
  }
  assert.equal(codes.filter((code) => code === 'rate-limited').length, 2);
});

test('a socket needs our origin and a live session (T37, U05)', async () => {
  const visitor = visit(running);
  await visitor.signIn(at.admin.email);
  const good = connect(visitor.cookies());
  const foreign = connect(visitor.cookies(), 'https://evil.example');
  const nobody = connect('');
  const [first, second, third] = await Promise.all([outcome(good), outcome(nobody), outcome(foreign)]);
  assert.deepEqual([first, second], ['connected', 'not-signed-in']);
  assert.notEqual(third, 'connected');
  for (const socket of [good, foreign, nobody]) socket.disconnect();
});

test('a held call, a vote and a beat reach an open browser as hints without data', async () => {
  const visitor = visit(running);
  await visitor.signIn(at.admin.email);
  const socket = connect(visitor.cookies());
  assert.equal(await outcome(socket), 'connected');
  const arrived = (topic: string, id?: string) => {
    const { promise, resolve } = Promise.withResolvers<Hint>();
    socket.on('hint', (raw: unknown) => {
      const hint = hintSchema.strict().parse(raw);
      if (hint.topic === topic && (id === undefined || hint.id === id)) resolve(hint);
    });
    return promise;
  };
  const opened = arrived('approval');
  const request = await held.hold();
  assert.equal((await opened).id, request.id, 'it names the one that is new');
  const decided = arrived('approval', request.id);
  await castVote(at, at.admin, { requestId: request.id, decision: 'deny', digest: request.digest });
  assert.ok((await decided).version >= 1);
  await arrived('beat', '*');
  socket.disconnect();
});

test('a socket is dropped within a second when its session is revoked or its roles change (T38)', async () => {
  const ben = await addPerson(at, 'ben');
  for (const end of [
    () => changePerson(at, at.admin, ben.id, { roles: ['security'] }),
    () => changePerson(at, at.admin, ben.id, { status: 'disabled' }),
  ]) {
    const visitor = visit(running);
    await visitor.signIn(ben.email);
    const socket = connect(visitor.cookies());
    assert.equal(await outcome(socket), 'connected');
    const dropped = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
    const since = performance.now();
    assert.ok((await end()).ok);
    await dropped;
    assert.ok(performance.now() - since < 1_000);
  }
});

test('health tells live and ready', async () => {
  for (const path of ['/health/live', '/health/ready']) {
    const answer = await visit(running).send('GET', path);
    assert.deepEqual([answer.status, answer.text], [200, '{"status":"ok"}']);
  }
});
