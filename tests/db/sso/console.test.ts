// Through the real console process: sign-in at a certified provider, sessions that end within a second, a command line.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import { childEnvironment } from '#lib/server/env.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type IdentityProvider, startIdentityProvider, visitProvider } from '#tests/fakes/identity-provider.ts';
import { type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, PASSWORD } from '#tests/fixtures/people.ts';

const WITHIN_MS = 1_000;
let at: Installation;
let running: RunningConsole;
let idp: IdentityProvider;
let home: string;
before(async () => {
  at = await openInstallation();
  running = await startConsole(at);
  idp = await startIdentityProvider(`${running.url}/api/v1/sign-in/sso/callback`);
  home = mkdtempSync(join(tmpdir(), 'countersign-home-'));
  const ana = await signedIn('ana@example.com');
  assert.equal((await ana.send('POST', '/api/v1/me/reauth', { body: { password: PASSWORD } })).status, 200);
  const { issuer, clientId, clientSecret } = idp;
  const provider = { issuer, clientId, clientSecret, scopes: 'openid email profile groups', name: 'Test ID' };
  const kept = await ana.send('PATCH', '/api/v1/sso', { body: { provider, reason: 'single sign-on' } });
  assert.equal(kept.status, 200, kept.text);
  assert.ok(!kept.text.includes(clientSecret));
  await addPerson(at, 'ben', ['reviewer']);
});
beforeEach(async () => {
  await at.prisma.attemptWindow.deleteMany();
});
after(async () => {
  await idp.close();
  await running.stop();
  await at.close();
  rmSync(home, { recursive: true, force: true });
});

async function signedIn(email: string): Promise<Visitor> {
  const visitor = visit(running);
  assert.equal((await visitor.signIn(email)).status, 200);
  return visitor;
}

/** Begins in one browser, and comes back in the same or another one. */
async function comeBack(began: Visitor, next: string, back: Visitor = began) {
  const started = await began.send('POST', '/api/v1/sign-in/sso', { body: { next } });
  assert.equal(started.status, 200, started.text);
  const { url } = JSON.parse(started.text);
  const returned = await visitProvider(url, running.url);
  // A browser that comes from another site sends no Origin, and says so.
  const headers = { origin: '', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  return back.send('GET', returned.pathname + returned.search, { headers });
}

test('a browser that came back from the provider is signed in, and goes where it wanted to', async () => {
  idp.seat({ sub: 'ben', email: 'ben@example.com', email_verified: true });
  const ben = visit(running);
  const answer = await comeBack(ben, '/audit?agent=a');
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, `${running.url}/audit?agent=a`]);
  const cookie = answer.headers.getSetCookie().find((one) => one.includes('.session')) ?? '';
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Lax/);
  const me = await ben.send('GET', '/api/v1/me');
  assert.equal(JSON.parse(me.text).email, 'ben@example.com');
  assert.equal((await ben.signOut()).status, 200, 'next-auth opens and ends a session that it did not begin');
  assert.equal((await ben.send('GET', '/api/v1/me')).status, 401);
});

test('no other site is where it goes, and another browser gets nothing out of the code', async () => {
  idp.seat({ sub: 'ben', email: 'ben@example.com', email_verified: true });
  const lured = await comeBack(visit(running), '//evil.example');
  assert.equal(lured.headers.get('location'), `${running.url}/`);
  const thief = visit(running);
  const stolen = await comeBack(visit(running), '/', thief);
  assert.equal(stolen.headers.get('location'), `${running.url}/sign-in?error=sso-failed`);
  assert.equal((await thief.send('GET', '/api/v1/me')).status, 401);
});

test('two browsers of two people stay two people (T38)', async () => {
  const ana = await signedIn('ana@example.com');
  idp.seat({ sub: 'ben', email: 'ben@example.com', email_verified: true });
  const ben = visit(running);
  await comeBack(ben, '/');
  const names = await Promise.all(
    [ana, ben].map(async (one) => JSON.parse((await one.send('GET', '/api/v1/me')).text)),
  );
  assert.deepEqual(
    names.map((me) => me.email),
    ['ana@example.com', 'ben@example.com'],
  );
});

test('a planted session id is never taken over, and signing in or proving again brings a new one (T38)', async () => {
  const first = await signedIn('ben@example.com');
  const planted = first.cookies();
  const before = await first.send('GET', '/api/v1/me/sessions');
  assert.equal((await first.signIn('ben@example.com')).status, 200);
  assert.notEqual(first.cookies(), planted);
  const afterwards = await first.send('GET', '/api/v1/me/sessions');
  assert.notEqual(currentOf(before.text), currentOf(afterwards.text));
  const again = await first.send('POST', '/api/v1/me/reauth', { body: { password: PASSWORD } });
  assert.equal(again.status, 200);
  assert.notEqual(currentOf((await first.send('GET', '/api/v1/me/sessions')).text), currentOf(afterwards.text));
});

function currentOf(text: string): string {
  const { items } = JSON.parse(text);
  return items.find((one: { current: boolean }) => one.current).id;
}

/** A page of the visitor that listens; resolves how long after `act` it was cut off, or that it was not. */
async function cutOffBy(visitor: Visitor, act: () => Promise<unknown>): Promise<number> {
  const socket: Socket = io(`${running.url}/live`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { cookie: visitor.cookies(), origin: running.url },
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const cut = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
    await act();
    const doneMs = performance.now();
    await Promise.race([
      cut,
      new Promise((_, reject) => setTimeout(() => reject(new Error('still open')), 4_000).unref()),
    ]);
    return performance.now() - doneMs;
  } finally {
    socket.close();
  }
}

test('a session that is ended hears nothing more within a second, and its cookie is dead at once (T38)', async () => {
  const ana = await signedIn('ana@example.com');
  const ben = await signedIn('ben@example.com');
  const id = currentOf((await ben.send('GET', '/api/v1/me/sessions')).text);
  const benId = JSON.parse((await ben.send('GET', '/api/v1/me')).text).id;
  const elapsed = await cutOffBy(ben, async () => {
    assert.equal((await ana.send('DELETE', `/api/v1/people/${benId}/sessions/${id}`, { body: {} })).status, 200);
  });
  assert.ok(elapsed < WITHIN_MS, `${elapsed} ms`);
  assert.equal((await ben.send('GET', '/api/v1/me')).status, 401);
  assert.equal((await ana.send('GET', '/api/v1/me')).status, 200, 'the twin: other sessions go on');
});

test('whoever loses a role hears nothing more under it within a second, and may no longer act (T38)', async () => {
  const cleo = await addPerson(at, 'cleo', ['reviewer', 'admin']);
  const visitor = await signedIn('cleo@example.com');
  assert.equal((await visitor.send('GET', '/api/v1/sso')).status, 200);
  const elapsed = await cutOffBy(visitor, () => changePerson(at, at.admin, cleo.id, { roles: ['reviewer'] }));
  assert.ok(elapsed < WITHIN_MS, `${elapsed} ms`);
  assert.equal((await visitor.send('GET', '/api/v1/sso')).status, 403);
});

test('signing out and disabling cut open pages off within a second, too', async () => {
  const dora = await addPerson(at, 'dora', ['reviewer']);
  const leaving = await signedIn('dora@example.com');
  const copy = leaving.cookies();
  assert.ok((await cutOffBy(leaving, () => leaving.signOut())) < WITHIN_MS);
  const stolen = await visit(running).send('GET', '/api/v1/me', { headers: { cookie: copy } });
  assert.equal(stolen.status, 401, 'a stolen cookie is worth nothing after the sign-out');
  const shut = await signedIn('dora@example.com');
  const elapsed = await cutOffBy(shut, () => changePerson(at, at.admin, dora.id, { status: 'disabled' }));
  assert.ok(elapsed < WITHIN_MS, `${elapsed} ms`);
});

test('somebody else’s sessions cannot be seen or ended, and it is said alike for those that are not there (T39)', async () => {
  const ana = await signedIn('ana@example.com');
  const ben = await signedIn('ben@example.com');
  const theirs = currentOf((await ana.send('GET', '/api/v1/me/sessions')).text);
  const foreign = await ben.send('DELETE', `/api/v1/me/sessions/${theirs}`, { body: {} });
  const nowhere = await ben.send('DELETE', '/api/v1/me/sessions/01900000-0000-7000-8000-000000000000', { body: {} });
  assert.deepEqual([foreign.status, foreign.text], [404, nowhere.text]);
  const anaId = JSON.parse((await ana.send('GET', '/api/v1/me')).text).id;
  assert.equal((await ben.send('GET', `/api/v1/people/${anaId}/sessions`)).status, 403);
  assert.equal((await ana.send('GET', '/api/v1/me')).status, 200);
});

/** Runs the command line as somebody with a home directory of their own. */
function cli(...argv: readonly string[]) {
  const child = spawn(process.execPath, ['cli/countersign.mjs', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment({ HOME: home, COUNTERSIGN_DATA_DIR: join(home, 'nothing-here') }),
  });
  let out = '';
  let err = '';
  const waiters: (() => void)[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    for (const wake of waiters.splice(0)) wake();
  });
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, out, err }));
  const said = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(err)?.[1];
      if (found !== undefined) return found;
      await Promise.race([
        new Promise<void>((resolve) => waiters.push(resolve)),
        ended.then(() => Promise.reject(new Error(err))),
      ]);
    }
  };
  return { ended, said };
}

test('countersign login is confirmed in the console, keeps a token that only its owner can read, and logout ends it', async () => {
  const ana = await signedIn('ana@example.com');
  const login = cli('login', '--url', running.url);
  const code = await login.said(/code ([A-Z]{4}-[A-Z]{4})/);
  const info = await ana.send('POST', '/api/v1/me/cli-login/info', { body: { code } });
  assert.equal(info.status, 200, info.text);
  const confirmed = await ana.send('POST', '/api/v1/me/cli-login', { body: { code, confirm: true } });
  assert.equal(confirmed.status, 200, confirmed.text);
  const done = await login.ended;
  assert.equal(done.code, 0, done.err);
  assert.match(done.out, /Signed in as ana@example\.com/);
  const path = join(home, '.config', 'countersign', 'login.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const { token } = JSON.parse(readFileSync(path, 'utf8'));
  assert.ok(!`${done.out}${done.err}`.includes(token), 'the token is printed nowhere');

  const bearer = { authorization: `Bearer ${token}`, origin: running.url };
  const bare = visit(running);
  assert.equal((await bare.send('GET', '/api/v1/me', { headers: bearer })).status, 200);
  const grown = await bare.send('POST', '/api/v1/me/reauth', { body: { password: PASSWORD }, headers: bearer });
  assert.deepEqual([grown.status, grown.code], [403, 'not-allowed']);
  const settings = { body: { autoCreate: true, reason: 'from a token' }, headers: bearer };
  assert.equal((await bare.send('PATCH', '/api/v1/sso', settings)).code, 'step-up-required');
  const status = await cli('login', '--status').ended;
  assert.match(status.out, /ana@example\.com \(admin, reviewer, security\)/);

  assert.equal((await cli('logout').ended).code, 0);
  assert.equal((await bare.send('GET', '/api/v1/me', { headers: bearer })).status, 401);
  assert.equal((await cli('login', '--status').ended).code, 4);
});

test('a provider that is down refuses sign-in with a sentence, and ends no session', async () => {
  const ana = await signedIn('ana@example.com');
  await idp.close();
  const refused = await visit(running).send('POST', '/api/v1/sign-in/sso', { body: {} });
  assert.deepEqual([refused.status, refused.code], [503, 'sso-unavailable']);
  assert.match(refused.text, /Whoever is signed in stays so/);
  assert.equal((await ana.send('GET', '/api/v1/me')).status, 200);
});
