import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { readSession } from '#lib/server/auth/sessions.ts';
import { signInWithPasskey } from '#lib/server/auth/sign-in-with-passkey.ts';
import { enrolPasskey, offerEnrolment } from '#lib/server/passkeys/enrol-passkey.ts';
import { listPasskeys } from '#lib/server/passkeys/list-passkeys.ts';
import { offerSignIn } from '#lib/server/passkeys/offer-sign-in.ts';
import { removePasskey } from '#lib/server/passkeys/remove-passkey.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { createResetLink } from '#lib/server/people/create-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { type Authenticator, type Mischief, makeAuthenticator } from '#tests/fakes/authenticator.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
});
after(() => at.close());

const host = CONSOLE_HOST;
const here = { consoleUrl: CONSOLE_URL, host };
const offer = (who: HumanPrincipal, password?: string) => offerEnrolment(passkeyDeps(at), who, { password, host });
const optionsOf = async (who: HumanPrincipal) => {
  const offered = await offer(who, PASSWORD);
  assert.ok(offered.ok);
  return offered.value.options;
};
const finish = async (who: HumanPrincipal, response: unknown) => {
  const answer = await enrolPasskey(passkeyDeps(at), who, { name: 'Key', response, host });
  return answer.ok ? 'enrolled' : answer.error.code;
};
/** Signs in with an authenticator; the code of the refusal, or who is signed in. */
async function come(authenticator: Authenticator, mischief: Mischief = {}, from = '192.0.2.1') {
  const offered = await offerSignIn(passkeyDeps(at), { address: from, host });
  assert.ok(offered.ok);
  const assertion = authenticator.get(offered.value.options, mischief);
  return present(assertion, from);
}
async function present(assertion: unknown, from = '192.0.2.1') {
  const answer = await signInWithPasskey(passkeyDeps(at), { assertion, address: from, userAgent: 'test' });
  return answer.ok ? answer.value.name : answer.error.code;
}

test('a passkey is enrolled with the password, is on record, and is listed to its owner only', async () => {
  await enrol(at, ben);
  const mine = await listPasskeys(at.prisma, ben, here);
  assert.deepEqual(
    mine.items.map((item) => item.name),
    ['Laptop'],
  );
  assert.equal(mine.available, true);
  assert.deepEqual((await listPasskeys(at.prisma, cleo, here)).items, []);
  const event = (await recordedEvents(at.prisma)).find(({ type }) => type === 'passkey.enrolled');
  assert.match(event?.text ?? '', new RegExp(ben.id));
});

test('without the password within five minutes nobody leaves a passkey behind, and a wrong one does not help', async () => {
  const late = await signInAs(at, 'ben@example.com');
  await at.prisma.personSession.update({
    where: { id: late.sessionId },
    data: { reauthAt: new Date(Date.now() - 301_000) },
  });
  const bare = await offer(late);
  assert.equal(bare.ok ? 'offered' : bare.error.code, 'step-up-required');
  const wrong = await offer(late, 'not the password');
  assert.equal(wrong.ok ? 'offered' : wrong.error.code, 'step-up-required');
  assert.ok((await offer(late, PASSWORD)).ok);
});

test('an enrolment is refused for another session, another person, twice, from another page, or unverified', async () => {
  const key = () => makeAuthenticator({ origin: CONSOLE_URL });
  const elsewhere = await signInAs(at, 'cleo@example.com');
  assert.equal(await finish(elsewhere, key().create(await optionsOf(cleo))), 'step-up-failed');
  assert.equal(await finish(ben, key().create(await optionsOf(cleo))), 'step-up-failed');
  const once = key().create(await optionsOf(cleo));
  assert.equal(await finish(cleo, once), 'enrolled');
  assert.equal(await finish(cleo, once), 'step-up-failed');
  const mischiefs: readonly Mischief[] = [
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { unverified: true },
    { absent: true },
    { challenge: 'AAAA' },
    { type: 'webauthn.get' },
    { crossOrigin: true },
  ];
  for (const mischief of mischiefs) {
    assert.equal(
      await finish(cleo, key().create(await optionsOf(cleo), mischief)),
      'step-up-failed',
      JSON.stringify(mischief),
    );
  }
  for (const nonsense of [null, {}, { id: 'a' }, 'x']) assert.equal(await finish(cleo, nonsense), 'step-up-failed');
  assert.equal((await listPasskeys(at.prisma, cleo, here)).items.length, 1);
});

test("one passkey has one owner: another person's cannot be enrolled again", async () => {
  const key = await enrol(at, ben);
  assert.equal(await finish(cleo, key.create(await optionsOf(cleo))), 'conflict');
});

test('an enrolment challenge runs out', async () => {
  const options = await optionsOf(cleo);
  await at.prisma.webauthnChallenge.updateMany({
    where: { challenge: options.challenge },
    data: { expiresAt: new Date(Date.now() - 60_000) },
  });
  assert.equal(await finish(cleo, makeAuthenticator({ origin: CONSOLE_URL }).create(options)), 'step-up-failed');
});

test('a passkey signs in, with a session of its own that has not proven the password', async () => {
  const key = await enrol(at, ben);
  const offered = await offerSignIn(passkeyDeps(at), { address: '192.0.2.1', host });
  assert.ok(offered.ok);
  assert.equal(offered.value.options.allowCredentials, undefined, 'strangers learn no credential of anybody');
  const answer = await signInWithPasskey(passkeyDeps(at), {
    assertion: key.get(offered.value.options),
    address: '192.0.2.1',
    userAgent: 'test',
  });
  assert.ok(answer.ok);
  const session = await readSession(at.prisma, answer.value.sessionId);
  assert.equal(session?.principal.email, 'ben@example.com');
  assert.equal(session.principal.reauthAt.getTime(), 0);
  const asked = await offer(session.principal);
  assert.equal(asked.ok ? 'offered' : asked.error.code, 'step-up-required');
});

test('a sign-in is refused from another page, unverified, forged, for another handle, with an old challenge, and is on record', async () => {
  const key = await enrol(at, cleo);
  const before = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'person.sign-in-failed').length;
  const mischiefs: readonly Mischief[] = [
    { origin: 'http://127.0.0.1:3000' },
    { rpId: 'evil.example' },
    { unverified: true },
    { absent: true },
    { forged: true },
    { type: 'webauthn.create' },
    { userHandle: 'AAAA' },
    { challenge: 'AAAA' },
    { crossOrigin: true },
  ];
  for (const mischief of mischiefs) assert.equal(await come(key, mischief), 'step-up-failed', JSON.stringify(mischief));
  assert.equal(await come(makeAuthenticator({ origin: CONSOLE_URL })), 'step-up-failed', 'a passkey nobody enrolled');
  const failed = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'person.sign-in-failed').length;
  assert.equal(failed - before, mischiefs.length + 1);
  assert.equal(await come(key), 'cleo');
});

test('an answer signs in once: the same one again is refused, also when both come at once', async () => {
  const key = await enrol(at, ben, makeAuthenticator({ origin: CONSOLE_URL, counts: false }));
  const offered = await offerSignIn(passkeyDeps(at), { address: '192.0.2.1', host });
  assert.ok(offered.ok);
  const assertion = key.get(offered.value.options);
  const both = await Promise.all([present(assertion), present(assertion)]);
  assert.deepEqual(both.sort(), ['ben', 'step-up-failed']);
});

test('a counter that does not grow is a copied authenticator; one that always says 0 has none', async () => {
  const key = await enrol(at, ben);
  assert.equal(await come(key, { counter: 7 }), 'ben');
  assert.equal(await come(key, { counter: 7 }), 'step-up-failed');
  assert.equal(await come(key, { counter: 6 }), 'step-up-failed');
  assert.equal(await come(key, { counter: 8 }), 'ben');
  const plain = await enrol(at, ben, makeAuthenticator({ origin: CONSOLE_URL, counts: false }));
  assert.equal(await come(plain), 'ben');
  assert.equal(await come(plain), 'ben');
});

test('a removed passkey is worth nothing, and only its owner removes it, with the password', async () => {
  const key = await enrol(at, cleo);
  const { items } = await listPasskeys(at.prisma, cleo, here);
  const id = items.at(-1)?.id ?? '';
  const code = async (who: HumanPrincipal) => {
    const answer = await removePasskey(at, who, id);
    return answer.ok ? 'removed' : answer.error.code;
  };
  assert.equal(await code(ben), 'not-found');
  const byPasskey = { ...cleo, sessionId: '01900000-0000-7000-8000-000000000000' };
  assert.equal(await code(byPasskey), 'step-up-required');
  assert.equal(await code(cleo), 'removed');
  assert.equal(await code(cleo), 'not-found');
  assert.equal(await come(key), 'step-up-failed');
});

test('somebody disabled does not come back by passkey', async () => {
  const dora = await addPerson(at, 'dora');
  const key = await enrol(at, dora);
  assert.ok((await changePerson(at, at.admin, dora.id, { status: 'disabled' })).ok);
  assert.equal(await come(key), 'step-up-failed');
});

test('a password reset leaves no passkey behind: whoever knew the old password may have added one', async () => {
  const eve = await addPerson(at, 'eve');
  const key = await enrol(at, eve);
  const link = await createResetLink({ ...at, consoleUrl: CONSOLE_URL }, OPERATOR, eve.email);
  assert.ok(link.ok);
  const redeemed = await redeemLink(at, { token: tokenOf(link.value.link), password: 'another good password' });
  assert.ok(redeemed.ok);
  assert.equal(await come(key), 'step-up-failed');
});

test('failed attempts from one address run out', async () => {
  const key = makeAuthenticator({ origin: CONSOLE_URL });
  const answers: string[] = [];
  for (let i = 0; i < 61; i++) answers.push(await come(key, {}, '192.0.2.9'));
  assert.equal(answers.at(-1), 'rate-limited');
  assert.equal(answers.filter((code) => code === 'step-up-failed').length, 60);
});

test('where browsers know no passkeys, nothing is offered and the sentence says what to do', async () => {
  const at127 = await listPasskeys(at.prisma, ben, { consoleUrl: CONSOLE_URL, host: '127.0.0.1:3000' });
  assert.equal(at127.available, false);
  assert.equal(at127.unavailableBecause, 'Passkeys work at http://localhost:3000 only: open the console there.');
  const refused = await offerEnrolment(passkeyDeps(at), ben, { password: undefined, host: '127.0.0.1:3000' });
  assert.equal(refused.ok ? 'offered' : refused.error.code, 'passkey-unavailable');
});
