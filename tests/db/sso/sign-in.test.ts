// Signing in at a certified provider: who somebody is here, what their groups give them, and what passwords are still for.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { readSession } from '#lib/server/auth/sessions.ts';
import { signIn } from '#lib/server/auth/sign-in.ts';
import type { Env } from '#lib/server/env.ts';
import { createResetLink, invitePerson } from '#lib/server/people/create-link.ts';
import { createSetupLink } from '#lib/server/people/create-setup-link.ts';
import { describeLink } from '#lib/server/people/read-link.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { accountsOf } from '#lib/server/people/same-human.ts';
import { changeSsoSettings } from '#lib/server/sso/change-settings.ts';
import { finishSignIn } from '#lib/server/sso/finish-sign-in.ts';
import { redirectUri } from '#lib/server/sso/provider.ts';
import { readSsoSettings } from '#lib/server/sso/read-settings.ts';
import { startSignIn } from '#lib/server/sso/start-sign-in.ts';
import { type IdentityProvider, startIdentityProvider, visitProvider } from '#tests/fakes/identity-provider.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

const env: Pick<Env, 'consoleUrl' | 'oidc'> = { consoleUrl: CONSOLE_URL, oidc: null };
const REASON = 'the tests ask for it';
let at: Installation;
let idp: IdentityProvider;
before(async () => {
  at = await openInstallation();
  idp = await startIdentityProvider(redirectUri(env));
  const { issuer, clientId, clientSecret } = idp;
  const provider = { issuer, clientId, clientSecret, scopes: 'openid email profile groups' };
  const kept = await changeSsoSettings({ ...at, env }, at.admin, { provider, reason: REASON });
  assert.ok(kept.ok, JSON.stringify(kept));
});
beforeEach(async () => {
  await at.prisma.attemptWindow.deleteMany();
});
after(async () => {
  await idp.close();
  await at.close();
});

async function come(claims: Readonly<Record<string, unknown>> & { sub: string }, stepUp: HumanPrincipal | null = null) {
  idp.seat({ email_verified: true, ...claims });
  const started = await startSignIn({ ...at, env }, { address: '192.0.2.1', next: '/', stepUp });
  assert.ok(started.ok, started.ok ? '' : started.error.code);
  const back = await visitProvider(started.value.url, redirectUri(env));
  const { search } = back;
  const { secret } = started.value;
  return finishSignIn({ ...at, env }, { search, secret, address: '192.0.2.1', userAgent: 'test' });
}

const personOf = (email: string) => at.prisma.person.findUniqueOrThrow({ where: { email } });
const change = (patch: Omit<Parameters<typeof changeSsoSettings>[2], 'reason'>) =>
  changeSsoSettings({ ...at, env }, at.admin, { ...patch, reason: REASON });

test('an account is bound by its verified e-mail, once; then its subject alone says who it is', async () => {
  const first = await come({ sub: 'u-ana', email: 'Ana@example.com', name: 'Ana A.' });
  assert.ok(first.ok, JSON.stringify(first));
  const ana = await personOf('ana@example.com');
  assert.equal(ana.subject, `${idp.issuer} u-ana`);
  assert.equal((await readSession(at.prisma, first.value.sessionId))?.principal.id, ana.id);
  const renamed = await come({ sub: 'u-ana', email: 'ana.new@example.com', email_verified: false });
  assert.ok(renamed.ok && renamed.value.personId === ana.id);
  assert.notEqual(renamed.value.sessionId, first.value.sessionId, 'each sign-in has a session of its own');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.equal(types.filter((type) => type === 'person.sso-bound').length, 1);
});

test('an open invitation makes the account, without a password; without one nobody gets in', async () => {
  const stranger = await come({ sub: 'u-eve', email: 'eve@example.com' });
  assert.equal(stranger.ok ? 'in' : stranger.error.code, 'sso-no-account');
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const invited = await invitePerson(deps, OPERATOR, {
    email: 'eve@example.com',
    roles: ['reviewer'],
    groups: ['night'],
  });
  assert.ok(invited.ok);
  const eve = await come({ sub: 'u-eve', email: 'eve@example.com', name: 'Eve' });
  assert.ok(eve.ok, JSON.stringify(eve));
  const row = await personOf('eve@example.com');
  assert.deepEqual([row.name, row.roles, row.groups, row.passwordHash], ['Eve', ['reviewer'], ['night'], null]);
  const reused = await redeemLink(at, { token: tokenOf(invited.value.link), name: 'Eve', password: PASSWORD });
  assert.equal(reused.ok ? 'made' : reused.error.code, 'link-invalid', 'the link was used by signing in');
});

test('groups give roles at every sign-in and take them away when they are gone; what was given by hand stays', async () => {
  const mappings = [
    { claim: 'sec-team', roles: ['security'] as const, groups: ['platform-team'] },
    { claim: 'bosses', roles: ['admin'] as const, groups: [] },
  ].map((one) => ({ ...one, roles: [...one.roles] }));
  assert.ok((await change({ mappings, autoCreate: true })).ok);
  assert.ok((await come({ sub: 'u-eve', groups: ['sec-team', 'other'] })).ok);
  const given = await personOf('eve@example.com');
  assert.deepEqual(
    [given.roles, given.groups],
    [
      ['reviewer', 'security'],
      ['night', 'platform-team'],
    ],
  );
  assert.ok((await come({ sub: 'u-eve', groups: [] })).ok);
  const taken = await personOf('eve@example.com');
  assert.deepEqual([taken.roles, taken.groups, taken.ssoRoles], [['reviewer'], ['night'], []]);
  const changes = (await recordedEvents(at.prisma)).filter(({ text }) =>
    text.includes('groups at the sign-in provider'),
  );
  assert.equal(changes.length, 2);

  const unmapped = await come({ sub: 'u-fay', email: 'fay@example.com', groups: ['other'] });
  assert.equal(unmapped.ok ? 'in' : unmapped.error.code, 'sso-no-account', 'no group gives a role');
  assert.ok((await come({ sub: 'u-fay', email: 'fay@example.com', groups: ['bosses'] })).ok);
  assert.deepEqual((await personOf('fay@example.com')).roles, ['admin']);
});

test('who wrote the mapping is held to account for a group that comes to them by it', async () => {
  const mappings = [{ claim: 'bg', roles: [], groups: ['break-glass'] }];
  const ana = await personOf('ana@example.com');
  assert.ok((await change({ mappings })).ok);
  assert.ok((await come({ sub: 'u-ana', groups: ['bg'] })).ok);
  const given = await personOf('ana@example.com');
  assert.ok(given.groups.includes('break-glass'));
  assert.equal(given.groupsChangedBy, ana.id, 'as if she had put herself into the group');
  assert.ok((await come({ sub: 'u-ana', groups: [] })).ok);
  await at.prisma.person.update({ where: { id: ana.id }, data: { groupsChangedBy: null, groupsChangedAt: null } });
  const dayAgo = new Date(Date.now() - 25 * 3600_000);
  await at.prisma.signInSettings.update({ where: { id: 1 }, data: { mappingsChangedAt: dayAgo } });
  assert.ok((await come({ sub: 'u-ana', groups: ['bg'] })).ok);
  assert.equal((await personOf('ana@example.com')).groupsChangedBy, null, 'the twin: a mapping of yesterday');
  assert.ok((await come({ sub: 'u-ana', groups: [] })).ok);
});

test('the last admin keeps the role when the group at the provider is gone, until there is another', async () => {
  const ana = await personOf('ana@example.com');
  await at.prisma.person.update({ where: { id: ana.id }, data: { roles: ['reviewer', 'security'] } });
  assert.ok((await come({ sub: 'u-fay', groups: [] })).ok);
  assert.deepEqual((await personOf('fay@example.com')).roles, ['admin']);
  await at.prisma.person.update({ where: { id: ana.id }, data: { roles: ['admin', 'reviewer', 'security'] } });
  assert.ok((await come({ sub: 'u-fay', groups: [] })).ok);
  assert.deepEqual((await personOf('fay@example.com')).roles, [], 'the twin: with another admin it goes');
});

test('two accounts with one subject are one human; the same text of another issuer is somebody else (T07)', async () => {
  const [ana, ben] = [await personOf('ana@example.com'), await addPerson(at, 'ben', ['reviewer'])];
  await at.prisma.person.update({ where: { id: ben.id }, data: { subject: 'https://other.example u-ana' } });
  assert.deepEqual(await accountsOf(at.prisma, [ana.id]), [ana.id]);
  await at.prisma.person.update({ where: { id: ben.id }, data: { subject: ana.subject } });
  assert.deepEqual([...(await accountsOf(at.prisma, [ana.id]))].sort(), [ana.id, ben.id].sort());
  await at.prisma.person.update({ where: { id: ben.id }, data: { subject: null } });
});

test('a step-up at the provider goes on under a new session id, and for the same human only (T38)', async () => {
  const came = await come({ sub: 'u-ana' });
  assert.ok(came.ok);
  const before = await readSession(at.prisma, came.value.sessionId);
  assert.ok(before !== null);
  assert.equal(before.principal.reauthAt.getTime(), 0, 'a session at the provider is no proof of the moment');
  const other = await come({ sub: 'u-eve' }, before.principal);
  assert.equal(other.ok ? 'in' : other.error.code, 'sso-failed');
  const proven = await come({ sub: 'u-ana' }, before.principal);
  assert.ok(proven.ok, JSON.stringify(proven));
  assert.notEqual(proven.value.sessionId, came.value.sessionId);
  const now = await readSession(at.prisma, proven.value.sessionId);
  assert.ok(now !== null && Date.now() - now.principal.reauthAt.getTime() < 60_000);
  const old = await at.prisma.personSession.findUniqueOrThrow({ where: { id: came.value.sessionId } });
  assert.equal(old.reauthAt.getTime(), 0, 'a copy of the old cookie gained nothing');
  assert.ok(old.expiresAt.getTime() < Date.now() + 6_000, 'and ends within seconds');
});

test('a new provider is looked at first; the secret is kept sealed and shown to nobody', async () => {
  const row = await at.prisma.signInSettings.findUniqueOrThrow({ where: { id: 1 } });
  assert.ok(row.clientSecret !== null && !Buffer.from(row.clientSecret).includes(idp.clientSecret));
  assert.ok(!JSON.stringify(await readSsoSettings(at.prisma, env)).includes(idp.clientSecret));
  const nowhere = await change({ provider: { issuer: 'http://127.0.0.1:9', clientId: 'x' } });
  assert.equal(nowhere.ok ? 'kept' : nowhere.error.code, 'sso-unavailable');
  assert.equal((await readSsoSettings(at.prisma, env)).issuer, idp.issuer);
  const stale = { ...at.admin, reauthAt: new Date(0) };
  const borrowed = await changeSsoSettings({ ...at, env }, stale, { autoCreate: false, reason: REASON });
  assert.equal(borrowed.ok ? 'kept' : borrowed.error.code, 'step-up-required');
  const reviewer = { ...at.admin, roles: ['reviewer', 'security'] as const };
  const unasked = await changeSsoSettings({ ...at, env }, reviewer, { autoCreate: false, reason: REASON });
  assert.equal(unasked.ok ? 'kept' : unasked.error.code, 'not-allowed');
});

test('a kept secret goes to no other client', async () => {
  const other = { issuer: idp.issuer, clientId: 'another-client' };
  assert.ok((await change({ provider: other })).ok);
  assert.equal((await at.prisma.signInSettings.findUniqueOrThrow({ where: { id: 1 } })).clientSecret, null);
  const { issuer, clientId, clientSecret } = idp;
  const provider = { issuer, clientId, clientSecret, scopes: 'openid email profile groups' };
  assert.ok((await change({ provider })).ok);
  assert.ok((await change({ provider: { issuer, clientId } })).ok);
  assert.ok((await come({ sub: 'u-ana' })).ok, 'the twin: the same client keeps it');
});

test('passwords go off only once an admin came another way; the host switches them on again', async () => {
  const proven = await signInAs(at, 'ana@example.com');
  await at.prisma.personSession.updateMany({ data: { method: 'password' } });
  const early = await change({ passwords: 'off' });
  assert.equal(early.ok ? 'off' : early.error.code, 'conflict');
  assert.ok((await come({ sub: 'u-ana' })).ok);
  assert.ok((await change({ passwords: 'off' })).ok);
  const attempt = () =>
    signIn(at, { email: 'ana@example.com', password: PASSWORD, address: '192.0.2.7', userAgent: null });
  const shut = await attempt();
  assert.equal(shut.ok ? 'in' : shut.error.code, 'passwords-off');
  const deps = { ...at, consoleUrl: CONSOLE_URL };
  const byAdmin = await createResetLink(deps, proven, 'ana@example.com');
  assert.equal(byAdmin.ok ? 'made' : byAdmin.error.code, 'passwords-off');
  const invited = await invitePerson(deps, OPERATOR, { email: 'ivy@example.com', roles: ['reviewer'], groups: [] });
  assert.ok(invited.ok);
  const token = tokenOf(invited.value.link);
  const info = await describeLink(at.prisma, env, token);
  assert.deepEqual(info.ok && [info.value.passwords, info.value.provider], [false, 'single sign-on']);
  const byPassword = await redeemLink(at, { token, name: 'Ivy', password: PASSWORD });
  assert.equal(byPassword.ok ? 'in' : byPassword.error.code, 'passwords-off');
  const other = await come({ sub: 'u-mal', email: 'mal@example.com' });
  assert.equal(other.ok ? 'in' : other.error.code, 'sso-no-account', 'the invitation is for one e-mail');
  assert.ok((await come({ sub: 'u-ivy', email: 'ivy@example.com' })).ok);
  assert.deepEqual((await personOf('ivy@example.com')).roles, ['reviewer']);
  const used = await describeLink(at.prisma, env, token);
  assert.equal(used.ok ? 'open' : used.error.code, 'link-used');
  const byHost = await createResetLink(deps, { kind: 'operator', name: 'root' }, 'ana@example.com');
  assert.ok(byHost.ok);
  const reset = await redeemLink(at, { token: tokenOf(byHost.value.link), password: PASSWORD });
  assert.ok(reset.ok);
  assert.ok((await attempt()).ok, 'the lock-out is cured');
});

test('without any admin a set-up link opens passwords again', async () => {
  await signInAs(at, 'ana@example.com');
  await at.prisma.signInSettings.update({ where: { id: 1 }, data: { passwords: 'off' } });
  await at.prisma.person.updateMany({ data: { status: 'disabled' } });
  const link = await createSetupLink(at.prisma, CONSOLE_URL);
  assert.ok(link !== null);
  const made = await redeemLink(at, { token: link.token, email: 'new@example.com', name: 'New', password: PASSWORD });
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal((await at.prisma.signInSettings.findUniqueOrThrow({ where: { id: 1 } })).passwords, 'on');
});
