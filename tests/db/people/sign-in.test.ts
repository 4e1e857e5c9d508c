import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { hashPassword, verifyPassword } from '#lib/server/auth/password.ts';
import { readSession, revokeSession } from '#lib/server/auth/sessions.ts';
import { signIn } from '#lib/server/auth/sign-in.ts';
import { signOut } from '#lib/server/auth/sign-out.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { PASSWORD } from '#tests/fixtures/people.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

const attempt = (password: string, email = 'ana@example.com', address = '192.0.2.1') =>
  signIn(at, { email, password, address, userAgent: 'test' });

test('a password is kept as an argon2id PHC string and proven against it', async () => {
  const phc = await hashPassword(PASSWORD);
  assert.match(phc, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  assert.equal(await verifyPassword(phc, PASSWORD), true);
  assert.equal(await verifyPassword(phc, 'correct horse batterz'), false);
  assert.equal(await verifyPassword(null, PASSWORD), false);
  assert.equal(await verifyPassword('$argon2id$v=19$m=1,t=1$x$y', PASSWORD), false);
});

test('each sign-in opens a session of its own, and signing out ends that one', async () => {
  const first = await attempt(PASSWORD);
  const second = await attempt(PASSWORD);
  assert.ok(first.ok && second.ok);
  assert.notEqual(first.value.sessionId, second.value.sessionId);
  await signOut(at, first.value.sessionId);
  assert.equal(await readSession(at.prisma, first.value.sessionId), null);
  assert.equal((await readSession(at.prisma, second.value.sessionId))?.principal.email, 'ana@example.com');
  await revokeSession(at.prisma, second.value.sessionId);
});

test('a wrong password and an unknown e-mail are refused alike, and both are on record', async () => {
  const wrong = await attempt('not the password', 'ana@example.com', '192.0.2.2');
  const unknown = await attempt('not the password', 'nobody@example.com', '192.0.2.2');
  assert.ok(!wrong.ok && !unknown.ok);
  assert.deepEqual(wrong.error, unknown.error);
  const events = (await recordedEvents(at.prisma)).filter((event) => event.type === 'person.sign-in-failed');
  assert.equal(events.length, 2);
  assert.ok(events.every((event) => !event.text.includes('not the password')));
});

test('guesses run out, also when they come all at once, and the right password does not help any more', async () => {
  const burst = await Promise.all(Array.from({ length: 12 }, () => attempt('guess', 'ana@example.com', '192.0.2.3')));
  const codes = burst.map((answer) => (answer.ok ? 'in' : answer.error.code));
  assert.equal(codes.filter((code) => code === 'not-signed-in').length, 8);
  assert.equal(codes.filter((code) => code === 'rate-limited').length, 4);
  const late = await attempt(PASSWORD, 'ana@example.com', '192.0.2.3');
  assert.equal(late.ok ? 'in' : late.error.code, 'rate-limited');
  const elsewhere = await attempt(PASSWORD, 'ana@example.com', '192.0.2.4');
  assert.ok(elsewhere.ok, 'a stranger who guesses must not lock the person out');
});

test('successful sign-ins do not use up the attempts', async () => {
  for (let i = 0; i < 12; i++) assert.ok((await attempt(PASSWORD, 'ana@example.com', '192.0.2.5')).ok);
});
