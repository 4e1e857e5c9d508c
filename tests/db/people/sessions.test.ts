import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { authenticateRequest } from '#lib/server/auth/authenticate-request.ts';
import { decideCliLogin, describeCliLogin, pollCliLogin, startCliLogin } from '#lib/server/auth/cli-login.ts';
import { endOwnSessions, endSessionsOf } from '#lib/server/auth/end-sessions.ts';
import { listSessions } from '#lib/server/auth/list-sessions.ts';
import { stepUpByPassword } from '#lib/server/auth/reauthenticate.ts';
import { readSession } from '#lib/server/auth/sessions.ts';
import { readEnv } from '#lib/server/env.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { withdrawInvitation } from '#lib/server/people/withdraw-invitation.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

let at: Installation;
let ana: HumanPrincipal;
let ben: HumanPrincipal;
const address = '192.0.2.1';
before(async () => {
  at = await openInstallation();
  ana = await signInAs(at, 'ana@example.com');
  ben = await addPerson(at, 'ben', ['reviewer']);
});
after(() => at.close());

const isLive = async (id: string) => (await readSession(at.prisma, id)) !== null;

test('a proof given again goes on under a new id, and the old one gains nothing and ends within seconds (T38)', async () => {
  const session = await signInAs(at, 'ana@example.com');
  await at.prisma.personSession.update({ where: { id: session.sessionId }, data: { reauthAt: new Date(0) } });
  const wrong = await stepUpByPassword(at, session, 'not the password');
  assert.equal(wrong.ok ? 'in' : wrong.error.code, 'step-up-required');
  const proven = await stepUpByPassword(at, session, PASSWORD);
  assert.ok(proven.ok);
  assert.notEqual(proven.value.sessionId, session.sessionId);
  const rows = await at.prisma.personSession.findMany({
    where: { id: { in: [session.sessionId, proven.value.sessionId] } },
    orderBy: { createdAt: 'asc' },
  });
  const old = rows.find((row) => row.id === session.sessionId);
  const fresh = rows.find((row) => row.id === proven.value.sessionId);
  assert.equal(old?.reauthAt.getTime(), 0);
  assert.ok((old?.expiresAt.getTime() ?? Number.POSITIVE_INFINITY) < Date.now() + 6_000);
  assert.ok((fresh?.reauthAt.getTime() ?? 0) > Date.now() - 60_000);
  assert.equal(fresh?.method, 'password');
  assert.ok(
    (fresh?.expiresAt.getTime() ?? 0) > Date.now() + 11 * 3600_000,
    'the session lasts as long as it would have',
  );
});

test('everybody ends their own sessions and nobody else’s; an admin ends anybody’s (T39)', async () => {
  const other = await signInAs(at, 'ben@example.com');
  const foreign = await endOwnSessions(at, ben, { kind: 'one', id: ana.sessionId });
  assert.equal(foreign.ok ? 'ended' : foreign.error.code, 'not-found');
  assert.ok(await isLive(ana.sessionId));
  const wrongPerson = await endSessionsOf(at, ana, ben.id, { kind: 'one', id: ana.sessionId });
  assert.equal(wrongPerson.ok ? 'ended' : wrongPerson.error.code, 'not-found');
  assert.ok((await endOwnSessions(at, ben, { kind: 'others', than: ben.sessionId })).ok);
  assert.deepEqual([await isLive(other.sessionId), await isLive(ben.sessionId)], [false, true]);
  const unasked = await endSessionsOf(at, ben, ana.id, { kind: 'all' });
  assert.equal(unasked.ok ? 'ended' : unasked.error.code, 'not-allowed');
  assert.ok((await endSessionsOf(at, ana, ben.id, { kind: 'all' })).ok);
  assert.equal(await isLive(ben.sessionId), false);
  assert.deepEqual((await listSessions(at.prisma, ben.id, null)).items, []);
  const ended = (await recordedEvents(at.prisma)).filter((event) => event.type === 'person.session-ended');
  assert.equal(ended.length, 2);
});

test('a command line is signed in by the person who confirms its code, once, and never by the code alone', async () => {
  const cleo = await addPerson(at, 'cleo', ['reviewer']);
  const started = await startCliLogin({ ...at, consoleUrl: CONSOLE_URL }, { client: 'countersign on box', address });
  assert.ok(started.ok);
  const { deviceCode, code } = started.value;
  const plain = code.replace('-', '');
  const poll = () => pollCliLogin(at, { deviceCode, address });
  const early = await poll();
  assert.ok(early.ok && early.value.status === 'pending');
  const wrong = await decideCliLogin(at, cleo, { code: 'BBBBBBBB', confirm: true });
  assert.equal(wrong.ok ? 'confirmed' : wrong.error.code, 'not-found');
  const info = await describeCliLogin(at, cleo, plain);
  assert.ok(info.ok && info.value.client === 'countersign on box');
  assert.ok((await decideCliLogin(at, cleo, { code: plain, confirm: true })).ok);
  const again = await decideCliLogin(at, ana, { code: plain, confirm: true });
  assert.equal(again.ok ? 'confirmed' : again.error.code, 'not-found', 'a code that was confirmed is nobody else’s');
  const done = await poll();
  assert.ok(done.ok && done.value.status === 'signed-in');
  const spent = await poll();
  assert.equal(spent.ok ? 'token' : spent.error.code, 'link-invalid');

  const env = readEnv({});
  assert.ok(env.ok);
  const { token, sessionId } = done.value;
  const headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` };
  const ask = () => authenticateRequest((name) => headers[name], { ...at, env: env.value });
  const session = await ask();
  assert.equal(session?.principal.email, 'cleo@example.com');
  assert.equal(session?.principal.reauthAt.getTime(), 0, 'it has proven no password');
  const stored = await at.prisma.personSession.findUniqueOrThrow({ where: { id: sessionId } });
  assert.ok(!JSON.stringify(stored).includes(token.slice(4)), 'only a hash is kept');
  assert.deepEqual(
    (await listSessions(at.prisma, cleo.id, cleo.sessionId)).items.map((one) => [one.kind, one.current]),
    [
      ['cli', false],
      ['browser', true],
    ],
  );

  assert.ok(session !== null);
  const grown = await stepUpByPassword(at, session.principal, PASSWORD);
  assert.equal(grown.ok ? 'grown' : grown.error.code, 'not-allowed');
  const second = await startCliLogin({ ...at, consoleUrl: CONSOLE_URL }, { client: 'another', address });
  assert.ok(second.ok);
  const bred = await decideCliLogin(at, session.principal, { code: second.value.code.replace('-', ''), confirm: true });
  assert.equal(bred.ok ? 'bred' : bred.error.code, 'not-allowed', 'a token makes no second token');

  assert.ok((await endOwnSessions(at, cleo, { kind: 'one', id: sessionId })).ok);
  assert.equal(await ask(), null);
});

test('a refused code gives nothing, and so does one whose time is over', async () => {
  const refused = await startCliLogin({ ...at, consoleUrl: CONSOLE_URL }, { client: 'c', address });
  assert.ok(refused.ok);
  assert.ok((await decideCliLogin(at, ana, { code: refused.value.code.replace('-', ''), confirm: false })).ok);
  const no = await pollCliLogin(at, { deviceCode: refused.value.deviceCode, address });
  assert.equal(no.ok ? 'token' : no.error.code, 'not-allowed');
  const late = await startCliLogin({ ...at, consoleUrl: CONSOLE_URL }, { client: 'c', address });
  assert.ok(late.ok);
  await at.prisma.cliLogin.updateMany({ where: { usedAt: null }, data: { expiresAt: new Date() } });
  const over = await decideCliLogin(at, ana, { code: late.value.code.replace('-', ''), confirm: true });
  assert.equal(over.ok ? 'confirmed' : over.error.code, 'not-found');
});

test('codes cannot be tried out: twenty in a quarter of an hour', async () => {
  const dora = await addPerson(at, 'dora', ['reviewer']);
  const codes = await Promise.all(Array.from({ length: 24 }, () => describeCliLogin(at, dora, 'CCCCCCCC')));
  const said = codes.map((one) => (one.ok ? 'found' : one.error.code));
  assert.deepEqual(
    [said.filter((code) => code === 'not-found').length, said.filter((code) => code === 'rate-limited').length],
    [20, 4],
  );
});

test('a withdrawn invitation opens nothing', async () => {
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const invited = await invitePerson(deps, OPERATOR, { email: 'gus@example.com', roles: ['reviewer'], groups: [] });
  assert.ok(invited.ok);
  const open = (await listPeople(at.prisma, at.admin)).items.find((one) => one.email === 'gus@example.com');
  assert.equal(open?.status, 'invited');
  const unasked = await withdrawInvitation(at, { ...ana, roles: ['reviewer'] }, open?.id ?? '');
  assert.equal(unasked.ok ? 'withdrawn' : unasked.error.code, 'not-allowed');
  assert.ok((await withdrawInvitation(at, at.admin, open?.id ?? '')).ok);
  const late = await redeemLink(at, { token: tokenOf(invited.value.link), name: 'Gus', password: PASSWORD });
  assert.equal(late.ok ? 'made' : late.error.code, 'link-invalid');
  const twice = await withdrawInvitation(at, at.admin, open?.id ?? '');
  assert.equal(twice.ok ? 'withdrawn' : twice.error.code, 'not-found');
});

test('the last admin is not lost by a role change or by disabling', async () => {
  for (const change of [{ roles: ['reviewer' as const] }, { status: 'disabled' as const }]) {
    const changed = await changePerson(at, at.admin, ana.id, change);
    assert.equal(changed.ok ? 'changed' : changed.error.code, 'last-admin');
  }
  const fred = await addPerson(at, 'fred', ['admin']);
  assert.ok((await changePerson(at, at.admin, ana.id, { roles: ['reviewer'] })).ok, 'the twin: with another admin');
  assert.ok((await changePerson(at, { ...at.admin, id: fred.id }, ana.id, { roles: ['admin', 'reviewer'] })).ok);
});
