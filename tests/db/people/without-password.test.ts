// People who have a passkey and nothing else: how they prove again who they are, and how they come in at all.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { provenRecently } from '#lib/server/auth/proven-recently.ts';
import { offerReauthentication, stepUpByPasskey } from '#lib/server/auth/reauthenticate-by-passkey.ts';
import { readSession } from '#lib/server/auth/sessions.ts';
import { signInWithPasskey } from '#lib/server/auth/sign-in-with-passkey.ts';
import { offerSignIn } from '#lib/server/passkeys/offer-sign-in.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { joinByPasskey, offerJoining } from '#lib/server/people/join-by-passkey.ts';
import { describeLink } from '#lib/server/people/read-link.ts';
import { readMe } from '#lib/server/people/read-me.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { type Authenticator, makeAuthenticator } from '#tests/fakes/authenticator.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

const host = CONSOLE_HOST;
const where = { host, address: '192.0.2.7', userAgent: 'test' };
const env = { oidc: null };
let at: Installation;
let ben: HumanPrincipal;
let key: Authenticator;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben', ['reviewer', 'admin']);
  key = await enrol(at, ben);
});
beforeEach(() => at.prisma.attemptWindow.deleteMany());
after(() => at.close());

const codeOf = (done: Result<unknown, { readonly code: string }>) => (done.ok ? 'done' : done.error.code);
const passwords = (now: 'on' | 'off') =>
  at.prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: now } });
const newKey = () => makeAuthenticator({ origin: CONSOLE_URL });

async function principalOf(sessionId: string): Promise<HumanPrincipal> {
  const live = await readSession(at.prisma, sessionId);
  assert.ok(live !== null);
  return live.principal;
}
/** Signed in with the passkey: that is no proof yet for what asks for one. */
async function come(with_: Authenticator = key): Promise<HumanPrincipal> {
  const offered = await offerSignIn(passkeyDeps(at), { address: '192.0.2.7', host });
  assert.ok(offered.ok);
  const assertion = with_.get(offered.value.options);
  const signedIn = await signInWithPasskey(passkeyDeps(at), { assertion, address: '192.0.2.7', userAgent: null });
  assert.ok(signedIn.ok, JSON.stringify(signedIn));
  return principalOf(signedIn.value.sessionId);
}
async function challenge(who: HumanPrincipal) {
  const offered = await offerReauthentication(passkeyDeps(at), who, host);
  assert.ok(offered.ok, JSON.stringify(offered));
  return offered.value.options;
}
const prove = (who: HumanPrincipal, assertion: unknown) => stepUpByPasskey(passkeyDeps(at), who, { assertion, host });
async function invited(email: string): Promise<string> {
  const made = await invitePerson({ ...at, consoleUrl: CONSOLE_URL }, OPERATOR, {
    email,
    roles: ['reviewer'],
    groups: [],
  });
  assert.ok(made.ok);
  return tokenOf(made.value.link);
}
const joinDeps = (oidc: { readonly oidc: null } = env) => ({ ...passkeyDeps(at), env: oidc });

test('a passkey proves again who is signed in, under a new session id; the old one gains nothing', async () => {
  const session = await come();
  assert.equal(await provenRecently(at.prisma, session), false);
  const proven = await prove(session, key.get(await challenge(session)));
  assert.ok(proven.ok, JSON.stringify(proven));
  assert.equal(await provenRecently(at.prisma, session), false);
  const renewed = await principalOf(proven.value.sessionId);
  assert.equal(await provenRecently(at.prisma, renewed), true);
  const invite = { email: 'x@example.com', roles: ['reviewer'] as const, groups: [] };
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  assert.equal(codeOf(await invitePerson(deps, session, invite)), 'step-up-required');
  assert.equal(codeOf(await invitePerson(deps, renewed, invite)), 'done');
  const told = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'person.stepped-up');
  assert.ok(told.at(-1)?.text.includes('"method":"passkey"'));
});

test('no other answer is a proof: used twice, another session’s, another person’s, for signing in, without the finger', async () => {
  const session = await come();
  const answer = key.get(await challenge(session));
  assert.equal(codeOf(await prove(await come(), answer)), 'step-up-failed', 'another session of the same person');
  assert.equal(codeOf(await prove(session, answer)), 'step-up-failed', 'it is used up');
  const offered = await offerSignIn(passkeyDeps(at), { address: '192.0.2.7', host });
  assert.ok(offered.ok);
  assert.equal(
    codeOf(await prove(session, key.get(offered.value.options))),
    'step-up-failed',
    'a challenge to sign in',
  );
  const cleo = await addPerson(at, 'cleo');
  const cleoKey = await enrol(at, cleo);
  assert.equal(codeOf(await prove(session, cleoKey.get(await challenge(session)))), 'step-up-failed', 'cleo’s finger');
  assert.equal(codeOf(await prove(session, key.get(await challenge(session), { unverified: true }))), 'step-up-failed');
  assert.equal(codeOf(await prove(session, { not: 'an answer' })), 'step-up-failed');
  const nobody = await addPerson(at, 'nokey');
  assert.equal(codeOf(await offerReauthentication(passkeyDeps(at), nobody, host)), 'passkey-needed');
  assert.equal(codeOf(await prove(session, key.get(await challenge(session)))), 'done', 'the twin');
});

test('the shell is told which ways there are', async () => {
  const read = (who: HumanPrincipal) => readMe({ ...at, env }, who, new Date());
  assert.deepEqual((await read(ben)).provesBy, { passkey: true, provider: false });
  const ana = await signInAs(at, at.admin.email);
  assert.deepEqual((await read(ana)).provesBy, { passkey: false, provider: false });
  assert.equal((await read(ben)).hasPassword, true);
  await passwords('off');
  assert.equal((await read(ben)).hasPassword, false);
  await passwords('on');
});

test('where passwords are off and no provider is there, an invitation is taken up with a passkey, once', async () => {
  const token = await invited('dora@example.com');
  assert.equal(codeOf(await offerJoining(joinDeps(), { token, host })), 'conflict', 'the twin: passwords are on');
  await passwords('off');
  try {
    const seen = await describeLink(at.prisma, env, token);
    assert.deepEqual(seen.ok && [seen.value.passkey, seen.value.passwords], [true, false]);
    assert.equal(codeOf(await redeemLink(at, { token, name: 'Dora', password: PASSWORD })), 'passwords-off');
    const offered = await offerJoining(joinDeps(), { token, host });
    assert.ok(offered.ok, JSON.stringify(offered));
    const other = await invited('eve@example.com');
    const first = newKey();
    const response = first.create(offered.value.options);
    const stolen = await joinByPasskey(joinDeps(), { token: other, name: 'Eve', response, ...where });
    assert.equal(codeOf(stolen), 'step-up-failed', 'the challenge of another link');
    const again = await offerJoining(joinDeps(), { token, host });
    assert.ok(again.ok);
    const dorasKey = newKey();
    const answer = dorasKey.create(again.value.options);
    const joined = await joinByPasskey(joinDeps(), { token, name: 'Dora', response: answer, ...where });
    assert.ok(joined.ok, JSON.stringify(joined));
    const person = await at.prisma.person.findUniqueOrThrow({ where: { email: 'dora@example.com' } });
    assert.deepEqual([person.id, person.passwordHash, person.roles], [joined.value.personId, null, ['reviewer']]);
    assert.equal((await principalOf(joined.value.sessionId)).id, person.id, 'she is signed in');
    assert.equal((await come(dorasKey)).id, person.id, 'and comes back with it');
    assert.equal(codeOf(await offerJoining(joinDeps(), { token, host })), 'link-invalid');
    assert.equal(codeOf(await describeLink(at.prisma, env, token)), 'link-used');
  } finally {
    await passwords('on');
  }
});

test('a link that was a good one says what became of it; one that nobody made says nothing', async () => {
  const told = async (token: string) => codeOf(await describeLink(at.prisma, env, token));
  const older = await invited('finn@example.com');
  await invited('finn@example.com');
  assert.equal(await told(older), 'link-replaced');
  const late = await invited('gus@example.com');
  await at.prisma.oneTimeLink.updateMany({ where: { email: 'gus@example.com' }, data: { expiresAt: new Date(0) } });
  assert.equal(await told(late), 'link-expired');
  assert.equal(await told('nobody-ever-made-this-token'), 'link-invalid');
});
