// Whoever says how people sign in could be whoever comes in by it: for a day the two count as one.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Env } from '#lib/server/env.ts';
import { confirmPerson } from '#lib/server/people/confirm-person.ts';
import { readSeparation } from '#lib/server/people/read-separation.ts';
import { isSameHuman } from '#lib/server/people/same-human.ts';
import { changeSsoSettings } from '#lib/server/sso/change-settings.ts';
import { finishSignIn } from '#lib/server/sso/finish-sign-in.ts';
import { redirectUri } from '#lib/server/sso/provider.ts';
import { startSignIn } from '#lib/server/sso/start-sign-in.ts';
import { type IdentityProvider, startIdentityProvider, visitProvider } from '#tests/fakes/identity-provider.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, signInAs } from '#tests/fixtures/people.ts';

const env: Pick<Env, 'consoleUrl' | 'oidc'> = { consoleUrl: CONSOLE_URL, oidc: null };
const ALL = ['admin', 'reviewer', 'security'] as const;
let at: Installation;
let idp: IdentityProvider;
let ana: HumanPrincipal;
let ben: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  idp = await startIdentityProvider(redirectUri(env));
  ana = await signInAs(at, at.admin.email);
  ben = await addPerson(at, 'ben', ALL);
});
beforeEach(() => at.prisma.attemptWindow.deleteMany());
after(async () => {
  await idp.close();
  await at.close();
});

const provider = () => {
  const { issuer, clientId, clientSecret } = idp;
  return { issuer, clientId, clientSecret, scopes: 'openid email profile groups' };
};
async function change(by: HumanPrincipal, patch: Omit<Parameters<typeof changeSsoSettings>[2], 'reason'>) {
  const kept = await changeSsoSettings({ ...at, env }, by, { ...patch, reason: 'the tests ask for it' });
  assert.ok(kept.ok, JSON.stringify(kept));
}
async function come(sub: string, groups: readonly string[]): Promise<string> {
  idp.seat({ sub, email: `${sub}@example.com`, email_verified: true, groups: [...groups] });
  const started = await startSignIn({ ...at, env }, { address: '192.0.2.1', next: '/', stepUp: null });
  assert.ok(started.ok, started.ok ? '' : started.error.code);
  const { search } = await visitProvider(started.value.url, redirectUri(env));
  const { secret } = started.value;
  const back = await finishSignIn({ ...at, env }, { search, secret, address: '192.0.2.1', userAgent: 'test' });
  assert.ok(back.ok, JSON.stringify(back));
  return back.value.personId;
}
const mapping = (claim: string) => ({ claim, roles: ['reviewer' as const], groups: [] });
const same = (one: string, other: { readonly id: string }) => isSameHuman(at.prisma, one, other.id);

test('on the first day the provider ties nobody; afterwards whoever it brings counts with who changed it', async () => {
  await change(ana, { provider: provider(), mappings: [mapping('team')], autoCreate: true });
  const early = await come('early', ['team']);
  assert.equal(await same(early, ana), false, 'the first day');
  await at.prisma.$executeRaw`UPDATE people SET created_at = created_at - interval '2 days'`;
  const calm = await come('calm', ['team']);
  assert.equal(await same(calm, ana), false, 'what was changed on the first day stays open to all');
  await change(ana, { mappings: [mapping('team'), mapping('puppets')] });
  const puppet = await come('puppet', ['puppets']);
  assert.deepEqual([await same(puppet, ana), await same(puppet, ben)], [true, false]);
  assert.equal(await same(calm, ana), false, 'who was here before the change is not touched by it');
});

test('a later change by somebody else hides no earlier one, and neither by itself makes an install solo', async () => {
  await change(ben, { mappings: [mapping('team'), mapping('puppets'), mapping('others')] });
  const puppet = await come('puppet2', ['puppets']);
  assert.deepEqual([await same(puppet, ana), await same(puppet, ben)], [true, true], 'both could be it');
  assert.equal(await readSeparation(at.prisma), 'full');
});

test('an account that is bound to the provider by its e-mail counts with who changed it, and whoever vouches ends that', async () => {
  await at.prisma.$executeRaw`DELETE FROM sign_in_changes`;
  await change(ana, { provider: provider() });
  const cleo = await addPerson(at, 'cleo', ['reviewer']);
  assert.equal(await same(cleo.id, ana), false);
  assert.equal(await come('cleo', ['team']), cleo.id);
  assert.equal(await same(cleo.id, ana), true);
  const confirmed = await confirmPerson(at, await signInAs(at, ben.email), cleo.id);
  assert.ok(confirmed.ok, JSON.stringify(confirmed));
  assert.equal(await same(cleo.id, ana), false);
  assert.equal(await come('cleo', ['team']), cleo.id);
  assert.equal(await same(cleo.id, ana), false, 'signing in again gains nothing and ties nobody');
});

test('a day after the change it ties nobody any more', async () => {
  await at.prisma.$executeRaw`UPDATE sign_in_changes SET at = at - interval '25 hours'`;
  const late = await come('late', ['puppets']);
  assert.equal(await same(late, ana), false);
});
