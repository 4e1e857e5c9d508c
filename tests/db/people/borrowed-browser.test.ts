// A signed-in browser in strange hands, and one person with a second account: what neither may leave behind or be.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { decideCliLogin, pollCliLogin, startCliLogin } from '#lib/server/auth/cli-login.ts';
import { endOwnSessions } from '#lib/server/auth/end-sessions.ts';
import { reauthenticate, stepUpByPassword } from '#lib/server/auth/reauthenticate.ts';
import { readSession, readTokenSession } from '#lib/server/auth/sessions.ts';
import { signOut } from '#lib/server/auth/sign-out.ts';
import { createResetLink, invitePerson } from '#lib/server/people/create-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { isSameHuman } from '#lib/server/people/same-human.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

const ANA = 'ana@example.com';
const address = '203.0.113.9';
let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

const deps = () => ({ ...at, consoleUrl: CONSOLE_URL });
const codeOf = (result: { ok: true } | { ok: false; error: { code: string } }) =>
  result.ok ? 'done' : result.error.code;

/** The session as it is hours after signing in. */
async function unproven(person: HumanPrincipal): Promise<HumanPrincipal> {
  await at.prisma.personSession.update({ where: { id: person.sessionId }, data: { reauthAt: new Date(0) } });
  const session = await readSession(at.prisma, person.sessionId);
  assert.ok(session !== null);
  return session.principal;
}

/** A command line that somebody confirmed; its token once it asked. */
async function commandLine(person: HumanPrincipal) {
  const started = await startCliLogin(deps(), { client: 'c', address });
  assert.ok(started.ok);
  const { code, deviceCode } = started.value;
  const decided = await decideCliLogin(at, person, { code: code.replace('-', ''), confirm: true });
  const poll = async () => {
    const said = await pollCliLogin(at, { deviceCode, address });
    return said.ok && said.value.status === 'signed-in' ? said.value.token : null;
  };
  return { decided: codeOf(decided), poll };
}

test('a borrowed browser leaves no command line, no account and no password behind without a proof', async () => {
  await addPerson(at, 'sec', ['security']);
  const ana = await signInAs(at, ANA);
  const acts = async (who: HumanPrincipal) => [
    (await commandLine(who)).decided,
    codeOf(await invitePerson(deps(), who, { email: 'mallory@example.com', roles: ['admin'], groups: [] })),
    codeOf(await createResetLink(deps(), who, 'sec@example.com')),
  ];
  assert.deepEqual(await acts(ana), ['done', 'done', 'done'], 'the twin: proven a moment ago');
  const all = ['step-up-required', 'step-up-required', 'step-up-required'];
  assert.deepEqual(await acts(await unproven(ana)), all);
  assert.equal(codeOf(await createResetLink(deps(), OPERATOR, 'sec@example.com')), 'done', 'the host is asked nothing');
});

test('a command line ends with the browser that confirmed it, also under a new id, and not with another one', async () => {
  const live = async (token: string | null) => token !== null && (await readTokenSession(at.prisma, token)) !== null;
  for (const end of ['sign-out', 'revoke'] as const) {
    const ana = await signInAs(at, ANA);
    const other = await signInAs(at, ANA);
    const token = await (await commandLine(ana)).poll();
    const waiting = await commandLine(ana);
    const renewed = await stepUpByPassword(at, ana, PASSWORD);
    assert.ok(renewed.ok);
    await signOut(at, other.sessionId);
    assert.ok(await live(token), 'the twin: another browser went');
    const { sessionId } = renewed.value;
    if (end === 'sign-out') await signOut(at, sessionId);
    else assert.ok((await endOwnSessions(at, ana, { kind: 'one', id: sessionId })).ok);
    assert.equal(await live(token), false, end);
    assert.equal(await waiting.poll(), null, 'nor is one made that was confirmed before');
  }
});

test('ending a command line leaves the browser alone', async () => {
  const ana = await signInAs(at, ANA);
  const token = await (await commandLine(ana)).poll();
  const session = await readTokenSession(at.prisma, token ?? '');
  assert.ok(session !== null);
  assert.ok((await endOwnSessions(at, ana, { kind: 'one', id: session.principal.sessionId })).ok);
  assert.notEqual(await readSession(at.prisma, ana.sessionId), null);
});

test('proving twice within the grace leaves a session that lasts as long as the first, and no longer', async () => {
  const ana = await signInAs(at, ANA);
  const ends = (await readSession(at.prisma, ana.sessionId))?.expiresAt.getTime();
  for (const proven of [await stepUpByPassword(at, ana, PASSWORD), await stepUpByPassword(at, ana, PASSWORD)]) {
    assert.ok(proven.ok);
    assert.equal((await readSession(at.prisma, proven.value.sessionId))?.expiresAt.getTime(), ends);
  }
});

test('passwords that are off prove nothing', async () => {
  const ana = await signInAs(at, ANA);
  assert.equal(codeOf(await reauthenticate(at.prisma, ana, PASSWORD)), 'done', 'the twin: they are on');
  await at.prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'off' } });
  assert.equal(codeOf(await reauthenticate(at.prisma, ana, PASSWORD)), 'passwords-off');
  assert.equal(codeOf(await stepUpByPassword(at, ana, PASSWORD)), 'passwords-off');
  await at.prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'on' } });
});

test('for a day an account counts as whoever made the link that reset it, also through a third; on the first day an invitation ties nobody', async () => {
  const ana = await signInAs(at, ANA);
  const rey = await addPerson(at, 'rey', ['reviewer', 'admin']);
  const bystander = await addPerson(at, 'bystander');
  const same = (one: string, other: string) => isSameHuman(at.prisma, one, other);
  const excluded = async (voter: string, owner: string) => {
    const rows = await at.prisma.$queryRaw<{ why: string | null }[]>`
      SELECT voter_exclusion(${voter}::uuid, ${voter}::uuid, ${owner}::uuid, NULL, false) AS why`;
    return rows[0]?.why;
  };
  assert.equal(await same(ana.id, rey.id), false, 'the twin: the host invited them');
  assert.equal(await excluded(rey.id, ana.id), null);
  const reset = await createResetLink(deps(), ana, rey.email);
  assert.ok(reset.ok);
  assert.equal(await same(ana.id, rey.id), false, 'a link that nobody used ties nobody');
  assert.ok((await redeemLink(at, { token: tokenOf(reset.value.link), password: PASSWORD })).ok);
  const asRey = await signInAs(at, rey.email);
  const third = (await addPerson(at, 'third', ['reviewer'])).id;
  const again = await createResetLink(deps(), asRey, 'third@example.com');
  assert.ok(again.ok);
  assert.ok((await redeemLink(at, { token: tokenOf(again.value.link), password: PASSWORD })).ok);
  const invited = await invitePerson(deps(), asRey, { email: 'new@example.com', roles: ['reviewer'], groups: [] });
  assert.ok(invited.ok);
  const made = await redeemLink(at, { token: tokenOf(invited.value.link), name: 'N', password: PASSWORD });
  assert.ok(made.ok);
  assert.equal(await same(made.value.personId, rey.id), false, 'invited by them');
  assert.deepEqual(await Promise.all([same(ana.id, rey.id), same(rey.id, ana.id), same(third, ana.id)]), [
    true,
    true,
    true,
  ]);
  assert.equal(await same(bystander.id, ana.id), false);
  assert.deepEqual([await excluded(rey.id, ana.id), await excluded(third, ana.id)], ['same-human', 'same-human']);
  const keys = await at.prisma.$queryRaw<{ keys: number }[]>`
    SELECT count(DISTINCT human_key(id))::int AS keys FROM people WHERE id IN (${ana.id}::uuid, ${third}::uuid)`;
  assert.equal(keys[0]?.keys, 1, 'their votes fill one place');
  await at.prisma.$executeRaw`UPDATE one_time_links SET used_at = used_at - interval '25 hours'`;
  assert.equal(await same(ana.id, rey.id), false, 'a day later they are two');
  assert.equal(await excluded(third, ana.id), null);
});
