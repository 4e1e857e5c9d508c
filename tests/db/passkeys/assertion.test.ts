import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { after, before, test } from 'node:test';
import { readVoteSubject, stepUpChallenge, voteSubject } from '#lib/core/approvals/step-up.ts';
import { toHex } from '#lib/core/hash/bytes.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { withTx } from '#lib/server/db/tx.ts';
import type { StepUpPurpose } from '#lib/server/passkeys/challenges.ts';
import { offerStepUp } from '#lib/server/passkeys/offer-step-up.ts';
import { verifyAssertion } from '#lib/server/passkeys/verify-assertion.ts';
import { type Authenticator, type Mischief, makeAuthenticator } from '#tests/fakes/authenticator.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let benKey: Authenticator;
let cleoKey: Authenticator;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
  benKey = await enrol(at, ben);
  cleoKey = await enrol(at, cleo);
});
after(() => at.close());

const digest = 'ab'.repeat(32);
const SUBJECT = voteSubject({ id: 'request-1', digest, decision: 'approve' });
async function offer(who = ben, subject = SUBJECT, purpose: StepUpPurpose = 'vote') {
  const offered = await offerStepUp(passkeyDeps(at), who, { purpose, subject, host: CONSOLE_HOST });
  assert.ok(offered.ok);
  return offered.value.options;
}
type Said = { readonly who?: HumanPrincipal; readonly subject?: string; readonly purpose?: StepUpPurpose };
const judge = (assertion: unknown, { who = ben, subject = SUBJECT, purpose = 'vote' }: Said = {}) =>
  withTx(at.prisma, (tx) => verifyAssertion(tx, passkeyDeps(at), { personId: who.id, purpose, subject, assertion }));
const told = async (assertion: unknown, said: Said = {}) => {
  const answer = await judge(assertion, said);
  return answer.ok ? 'taken' : answer.error.code;
};

test('an assertion over this vote is taken, and its evidence lets anybody check it again', async () => {
  const answer = await judge(benKey.get(await offer()));
  assert.ok(answer.ok);
  const { evidence } = answer.value;
  const text = (name: string) => String(evidence[name]);
  const client = Buffer.from(text('clientDataJSON'), 'base64url');
  const subject = readVoteSubject(text('subject'));
  assert.ok(subject !== null);
  const challenge = toHex(stepUpChallenge({ ...subject, personId: ben.id, nonce: text('nonce') }));
  const signed: unknown = JSON.parse(client.toString());
  assert.deepEqual(signed, {
    type: 'webauthn.get',
    challenge: Buffer.from(challenge, 'hex').toString('base64url'),
    origin: CONSOLE_URL,
    crossOrigin: false,
  });
  const cose = Buffer.from(text('publicKey'), 'base64url');
  const at32 = (marker: string) => cose.subarray(cose.indexOf(Buffer.from(marker, 'hex')) + 3).subarray(0, 32);
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: at32('215820').toString('base64url'),
    y: at32('225820').toString('base64url'),
  };
  const data = Buffer.concat([
    Buffer.from(text('authenticatorData'), 'base64url'),
    createHash('sha256').update(client).digest(),
  ]);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  assert.equal(verify('sha256', data, key, Buffer.from(text('signature'), 'base64url')), true);
});

test('without an assertion it is asked for; what is none is refused', async () => {
  assert.equal(await told(undefined), 'step-up-required');
  assert.equal(await told(null), 'step-up-required');
  for (const nonsense of [{}, [], 'x', 1, { id: 'a', rawId: 'a', type: 'public-key', response: {} }]) {
    assert.equal(await told(nonsense), 'step-up-failed');
  }
});

test('an assertion counts for one vote only: not for another decision, call, person or purpose (T14)', async () => {
  const deny = voteSubject({ id: 'request-1', digest, decision: 'deny' });
  const other = voteSubject({ id: 'request-2', digest, decision: 'approve' });
  assert.equal(await told(benKey.get(await offer()), { subject: deny }), 'step-up-failed');
  assert.equal(await told(benKey.get(await offer()), { subject: other }), 'step-up-failed');
  assert.equal(await told(benKey.get(await offer()), { purpose: 'grant-vote' }), 'step-up-failed');
  assert.equal(await told(benKey.get(await offer(ben, SUBJECT, 'grant-vote'))), 'step-up-failed');
  assert.equal(await told(benKey.get(await offer()), { who: cleo }), 'step-up-failed');
  assert.equal(await told(cleoKey.get(await offer())), 'step-up-failed', "another user's passkey");
  assert.equal(await told(benKey.get(await offer(cleo))), 'step-up-failed', "another user's challenge");
});

test('another challenge, origin or party, no verification, a forged signature, an old counter: refused (T14)', async () => {
  const mischiefs: readonly Mischief[] = [
    { challenge: 'AAAA' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:3000' },
    { rpId: 'evil.example' },
    { unverified: true },
    { absent: true },
    { forged: true },
    { counter: 1 },
    { counter: 0 },
    { type: 'webauthn.create' },
    { crossOrigin: true },
    { userHandle: 'AAAA' },
  ];
  assert.equal(await told(benKey.get(await offer())), 'taken');
  for (const mischief of mischiefs) {
    assert.equal(await told(benKey.get(await offer(), mischief)), 'step-up-failed', JSON.stringify(mischief));
  }
  assert.equal(await told(benKey.get(await offer())), 'taken');
});

test('a refused assertion has used its challenge up, although the refusal wrote nothing else (T14)', async () => {
  const options = await offer();
  assert.equal(await told(benKey.get(options, { unverified: true })), 'step-up-failed');
  assert.equal(await told(benKey.get(options)), 'step-up-failed');
  const row = await at.prisma.webauthnChallenge.findUniqueOrThrow({ where: { challenge: options.challenge } });
  assert.notEqual(row.usedAt, null);
});

test('a challenge stays used up when the transaction that asked is rolled back', async () => {
  const options = await offer();
  const input = { personId: ben.id, purpose: 'vote', subject: SUBJECT, assertion: benKey.get(options) } as const;
  const rolledBack = withTx(at.prisma, async (tx) => {
    assert.ok((await verifyAssertion(tx, passkeyDeps(at), input)).ok);
    throw new Error('rolled back');
  });
  await assert.rejects(rolledBack, /rolled back/);
  assert.equal(await told(benKey.get(options)), 'step-up-failed');
});

test('a reused assertion is refused, also when both come at once (T14)', async () => {
  const key = await enrol(at, ben, makeAuthenticator({ origin: CONSOLE_URL, counts: false }));
  const assertion = key.get(await offer());
  const answers = await Promise.all([told(assertion), told(assertion)]);
  assert.deepEqual(answers.sort(), ['step-up-failed', 'taken']);
  assert.equal(await told(assertion), 'step-up-failed');
});

test('a challenge runs out after five minutes', async () => {
  const options = await offer();
  const row = await at.prisma.webauthnChallenge.findUniqueOrThrow({ where: { challenge: options.challenge } });
  assert.equal(row.expiresAt.getTime() - row.createdAt.getTime(), 300_000);
  await at.prisma.webauthnChallenge.update({
    where: { id: row.id },
    data: { expiresAt: new Date(Date.now() - 60_000) },
  });
  assert.equal(await told(benKey.get(options)), 'step-up-failed');
});

test('a person without a passkey is told so, and one elsewhere is told where', async () => {
  const dora = await addPerson(at, 'dora');
  const input = { purpose: 'vote', subject: SUBJECT, host: CONSOLE_HOST } as const;
  const none = await offerStepUp(passkeyDeps(at), dora, input);
  assert.equal(none.ok ? 'offered' : none.error.code, 'passkey-needed');
  const elsewhere = await offerStepUp(passkeyDeps(at), ben, { ...input, host: '127.0.0.1:3000' });
  assert.equal(elsewhere.ok ? 'offered' : elsewhere.error.code, 'passkey-unavailable');
});
