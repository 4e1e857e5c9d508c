// Open pages of people whose session or role is over, on the sockets as the console serves them.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { io, type Socket } from 'socket.io-client';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { endOwnSessions, endSessionsOf } from '#lib/server/auth/end-sessions.ts';
import { sealSessionCookie, sessionCookieName } from '#lib/server/auth/session-cookie.ts';
import { signOut } from '#lib/server/auth/sign-out.ts';
import { bumpConfig } from '#lib/server/db/config-head.ts';
import { type Env, readEnv } from '#lib/server/env.ts';
import { createLog } from '#lib/server/log.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type Live, startLive } from '#server/console/live.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, signInAs } from '#tests/fixtures/people.ts';

const WITHIN_MS = 1_000;
let at: Installation;
let server: Server;
let live: Live;
let env: Env;
before(async () => {
  at = await openInstallation();
  server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // Parse boundary: a TCP server's address is no string.
  const { port } = server.address() as AddressInfo;
  const read = readEnv({ CONSOLE_PORT: String(port), CONSOLE_URL: `http://127.0.0.1:${port}` });
  assert.ok(read.ok);
  env = read.value;
  live = await startLive(server, { ...at, env, log: createLog('silent', 'test'), databaseUrl: at.url });
});
after(async () => {
  await live.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await at.close();
});

type Page = { readonly hints: string[]; readonly cut: Promise<number>; isOpen(): boolean; close(): void };

/** An open page of somebody: what it hears, and when it is cut off. */
async function openPage(person: HumanPrincipal): Promise<Page> {
  const cookie = await sealSessionCookie({ personId: person.id, sessionId: person.sessionId }, at.keys);
  const socket: Socket = io(`${env.consoleUrl}/live`, {
    transports: ['websocket'],
    reconnection: false,
    extraHeaders: { cookie: `${sessionCookieName(env)}=${cookie}`, origin: env.consoleUrl },
  });
  const hints: string[] = [];
  socket.on('hint', (hint: { topic: string }) => hints.push(hint.topic));
  const cut = new Promise<number>((resolve) => socket.once('disconnect', () => resolve(performance.now())));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return { hints, cut, isOpen: () => socket.connected, close: () => socket.close() };
}

/** How long after the act the page was cut off. */
async function cutAfter(page: Page, act: () => Promise<unknown>): Promise<number> {
  await act();
  const doneMs = performance.now();
  return (await page.cut) - doneMs;
}

const refusedPage = (person: HumanPrincipal) =>
  openPage(person).then(
    (page) => {
      page.close();
      return 'open';
    },
    () => 'refused',
  );

test('a reviewer who loses the role hears nothing more within a second; others go on hearing (T38)', async () => {
  const ben = await addPerson(at, 'ben', ['reviewer', 'security']);
  const cleo = await addPerson(at, 'cleo', ['reviewer']);
  const [theirs, others] = [await openPage(ben), await openPage(cleo)];
  const elapsed = await cutAfter(theirs, () => changePerson(at, at.admin, ben.id, { roles: ['security'] }));
  assert.ok(elapsed < WITHIN_MS, `${elapsed} ms`);
  const heard = theirs.hints.length;
  await at.prisma.$transaction((tx) => bumpConfig(tx, 'servers', 'x'));
  while (!others.hints.includes('servers')) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(theirs.hints.length, heard);
  assert.equal(others.isOpen(), true);
  assert.equal(await refusedPage(ben), 'open', 'the session itself goes on, with the roles of now');
  others.close();
});

test('a session that is ended, signed out or disabled is cut off within a second, and does not come back (T38)', async () => {
  const dora = await addPerson(at, 'dora', ['reviewer']);
  const ways: readonly (readonly [string, (session: HumanPrincipal) => Promise<unknown>])[] = [
    ['by its owner', (session) => endOwnSessions(at, session, { kind: 'one', id: session.sessionId })],
    ['by an admin', (session) => endSessionsOf(at, at.admin, session.id, { kind: 'all' })],
    ['signed out', (session) => signOut(at, session.sessionId)],
    ['disabled', (session) => changePerson(at, at.admin, session.id, { status: 'disabled' })],
  ];
  for (const [name, act] of ways) {
    const session = await signInAs(at, 'dora@example.com');
    const page = await openPage(session);
    const elapsed = await cutAfter(page, () => act(session));
    assert.ok(elapsed < WITHIN_MS, `${name}: ${elapsed} ms`);
    assert.equal(await refusedPage(session), 'refused', name);
  }
  assert.equal(await refusedPage(dora), 'refused');
});
