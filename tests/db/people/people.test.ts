import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Role } from '#lib/core/identity/principals.ts';
import { readSession } from '#lib/server/auth/sessions.ts';
import { signIn } from '#lib/server/auth/sign-in.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { createResetLink, invitePerson } from '#lib/server/people/create-link.ts';
import { createSetupLink } from '#lib/server/people/create-setup-link.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import { describeLink } from '#lib/server/people/read-link.ts';
import { readSeparation } from '#lib/server/people/read-separation.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, tokenOf } from '#tests/fixtures/people.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('there is no set-up link any more once an admin exists', async () => {
  assert.equal(await createSetupLink(at.prisma, CONSOLE_URL), null);
});

test('one reviewer alone is solo, and a second one ends it', async () => {
  assert.equal(await readSeparation(at.prisma), 'solo');
  const ben = await addPerson(at, 'ben');
  assert.equal(await readSeparation(at.prisma), 'full');
  assert.ok((await changePerson(at, at.admin, ben.id, { status: 'disabled' })).ok);
  assert.equal(await readSeparation(at.prisma), 'solo');
});

test('an invitation works once, and gives the roles that the admin chose, whatever the browser sends', async () => {
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const input = { email: 'cleo@example.com', roles: ['security'] as const, groups: ['sec'] };
  const invited = await invitePerson(deps, OPERATOR, input);
  assert.ok(invited.ok);
  const token = tokenOf(invited.value.link);
  const seen = await describeLink(at.prisma, { oidc: null }, token);
  assert.deepEqual(seen.ok && [seen.value.kind, seen.value.email], ['invite', 'cleo@example.com']);
  const redeem = { token, email: 'evil@example.com', name: 'Cleo', password: PASSWORD };
  const answers = await Promise.all([redeemLink(at, redeem), redeemLink(at, redeem)]);
  assert.deepEqual(answers.map((answer) => (answer.ok ? 'made' : answer.error.code)).sort(), ['link-invalid', 'made']);
  const cleo = (await listPeople(at.prisma, at.admin)).items.find((person) => person.email === 'cleo@example.com');
  assert.deepEqual([cleo?.roles, cleo?.groups, cleo?.status], [['security'], ['sec'], 'active']);
});

test('how people come in and where they are signed in is read by admin and security only', async () => {
  await addPerson(at, 'pat', ['reviewer']);
  const asked = (roles: readonly Role[]) => listPeople(at.prisma, { ...at.admin, roles });
  for (const roles of [['admin'], ['security']] as const) {
    const pat = (await asked(roles)).items.find((one) => one.email === 'pat@example.com');
    assert.deepEqual([pat?.hasPassword, pat?.sessions], [true, 1], `the twin: ${roles}`);
  }
  for (const roles of [['reviewer'], []] as const) {
    const { items } = await asked(roles);
    assert.ok(items.length > 1);
    for (const one of items) assert.deepEqual([one.sso, one.hasPassword, one.sessions], [null, null, null]);
  }
});

test('a newer invitation of the same e-mail replaces the older one', async () => {
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const input = { email: 'dora@example.com', roles: ['reviewer'] as const, groups: [] };
  const older = await invitePerson(deps, OPERATOR, input);
  const newer = await invitePerson(deps, OPERATOR, input);
  assert.ok(older.ok && newer.ok);
  const late = await redeemLink(at, { token: tokenOf(older.value.link), name: 'Dora', password: PASSWORD });
  assert.equal(late.ok ? 'made' : late.error.code, 'link-invalid');
  const invited = (await listPeople(at.prisma, at.admin)).items.filter((person) => person.status === 'invited');
  assert.deepEqual(
    invited.map((person) => person.email),
    ['dora@example.com'],
  );
});

test('the last admin can neither be disabled nor lose the role, also when two are demoted at once', async () => {
  const refused = await changePerson(at, at.admin, at.admin.id, { roles: ['reviewer'] });
  assert.equal(refused.ok ? 'changed' : refused.error.code, 'last-admin');
  const eve = await addPerson(at, 'eve', ['admin']);
  const both = await Promise.all([
    changePerson(at, at.admin, at.admin.id, { roles: ['reviewer'] }),
    changePerson(at, eve, eve.id, { status: 'disabled' }),
  ]);
  assert.deepEqual(both.map((answer) => (answer.ok ? 'changed' : answer.error.code)).sort(), ['changed', 'last-admin']);
  const admins = await at.prisma.person.count({ where: { status: 'active', roles: { has: 'admin' } } });
  assert.equal(admins, 1);
  await at.prisma.person.update({ where: { id: at.admin.id }, data: { roles: ['admin', 'reviewer', 'security'] } });
});

test('disabling somebody ends their sessions and their password', async () => {
  const finn = await addPerson(at, 'finn');
  assert.ok((await changePerson(at, at.admin, finn.id, { status: 'disabled' })).ok);
  assert.equal(await readSession(at.prisma, finn.sessionId), null);
  const input = { email: finn.email, password: PASSWORD, address: '192.0.2.9', userAgent: null };
  const again = await signIn(at, input);
  assert.equal(again.ok ? 'in' : again.error.code, 'not-signed-in');
});

test('a reset link sets a new password once and ends every session; the old password works until then', async () => {
  const gus = await addPerson(at, 'gus');
  const made = await createResetLink({ ...at, consoleUrl: CONSOLE_URL }, { kind: 'operator', name: 'root' }, gus.email);
  assert.ok(made.ok);
  assert.notEqual(await readSession(at.prisma, gus.sessionId), null);
  const token = tokenOf(made.value.link);
  assert.ok((await redeemLink(at, { token, password: 'another long password' })).ok);
  assert.equal(await readSession(at.prisma, gus.sessionId), null);
  const input = { email: gus.email, address: '192.0.2.10', userAgent: null };
  assert.equal((await signIn(at, { ...input, password: PASSWORD })).ok, false);
  assert.equal((await signIn(at, { ...input, password: 'another long password' })).ok, true);
  const again = await redeemLink(at, { token, password: 'yet another password' });
  assert.equal(again.ok ? 'set' : again.error.code, 'link-invalid');
});

test('only an admin invites', async () => {
  const hana = await addPerson(at, 'hana', ['reviewer', 'security']);
  const input = { email: 'ivy@example.com', roles: ['admin'] as const, groups: [] };
  const refused = await invitePerson({ ...at, consoleUrl: CONSOLE_URL }, hana, input);
  assert.equal(refused.ok ? 'invited' : refused.error.code, 'not-allowed');
});
