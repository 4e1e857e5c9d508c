// What a hostile provider, network or neighbour may try on the way back from the provider; each beside its honest twin.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import type { Env } from '#lib/server/env.ts';
import { finishSignIn } from '#lib/server/sso/finish-sign-in.ts';
import { startSignIn } from '#lib/server/sso/start-sign-in.ts';
import { type Forgery, type ForgingProvider, startForgingProvider } from '#tests/fakes/forging-provider.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, signInAs } from '#tests/fixtures/people.ts';

let at: Installation;
let provider: ForgingProvider;
let env: Pick<Env, 'consoleUrl' | 'oidc'>;
before(async () => {
  at = await openInstallation();
  provider = await startForgingProvider();
  env = {
    consoleUrl: CONSOLE_URL,
    oidc: {
      issuer: provider.issuer,
      clientId: 'countersign',
      clientSecretFile: undefined,
      scopes: 'openid email',
      groupsClaim: 'groups',
      name: 'Test',
    },
  };
});
beforeEach(async () => {
  provider.forge({});
  await at.prisma.attemptWindow.deleteMany();
  await at.prisma.person.updateMany({ data: { subject: null } });
});
after(async () => {
  await provider.close();
  await at.close();
});

async function start(next?: string, address = '192.0.2.1') {
  const started = await startSignIn({ ...at, env }, { address, next, stepUp: null });
  assert.ok(started.ok, started.ok ? '' : started.error.code);
  return started.value;
}

const finish = (search: string, secret: string | null) =>
  finishSignIn({ ...at, env }, { search, secret, address: '192.0.2.1', userAgent: 'test' });

/** One whole sign-in; `in` or the code of the refusal. */
async function attempt(forgery: Forgery, change?: Readonly<Record<string, string | null>>): Promise<string> {
  provider.forge({});
  const { url, secret } = await start();
  provider.forge(forgery);
  const back = await finish(provider.backFrom(url, change), secret);
  return back.ok ? 'in' : back.error.code;
}

async function lastWhy(): Promise<string> {
  const failed = (await recordedEvents(at.prisma)).filter((event) => event.type === 'person.sign-in-failed');
  return /"why":"([^"]*)"/.exec(failed.at(-1)?.text ?? '')?.[1] ?? '';
}

test('an honest answer signs in', async () => {
  assert.equal(await attempt({}), 'in');
});

const past = () => Math.floor(Date.now() / 1000) - 3600;
const forged: readonly (readonly [string, () => Forgery])[] = [
  ['without a signature (alg none)', () => ({ sign: 'none' })],
  ['signed with a key that the provider does not publish', () => ({ sign: 'another-key' })],
  ['of another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
  ['for another client', () => ({ claims: { aud: 'somebody-else' } })],
  ['for two clients, authorised to the other', () => ({ claims: { aud: ['countersign', 'other'], azp: 'other' } })],
  ['with another nonce', () => ({ claims: { nonce: 'of another sign-in' } })],
  ['without a nonce', () => ({ claims: { nonce: undefined } })],
  ['that has expired', () => ({ claims: { iat: past(), exp: past() + 60 } })],
  ['without an expiry', () => ({ claims: { exp: undefined } })],
  ['without a subject', () => ({ claims: { sub: undefined } })],
];
for (const [name, forgery] of forged) {
  test(`an identity token ${name} signs nobody in`, async () => {
    assert.equal(await attempt(forgery()), 'sso-failed');
    assert.notEqual(await lastWhy(), '');
  });
}

const mixed: readonly (readonly [string, Readonly<Record<string, string | null>>])[] = [
  ['another state', { state: 'of somebody else' }],
  ['no state', { state: null }],
  ['another issuer beside the code (RFC 9207)', { iss: 'https://evil.example' }],
  ['no issuer beside the code, where the provider sends one', { iss: null }],
  ['no code', { code: null }],
  ['an error', { error: 'access_denied', code: null }],
];
for (const [name, change] of mixed) {
  test(`coming back with ${name} signs nobody in`, async () => {
    assert.equal(await attempt({}, change), 'sso-failed');
  });
}

test("a code that was fetched in another browser does not fit into this one's attempt", async () => {
  const attacker = await start();
  const victim = await start();
  const theirs = provider.backFrom(attacker.url);
  const lured = await finish(theirs, victim.secret);
  assert.equal(lured.ok ? 'in' : lured.error.code, 'sso-failed');
  const bare = await finish(theirs, null);
  assert.equal(bare.ok ? 'in' : bare.error.code, 'sso-failed');
  const own = await finish(theirs, attacker.secret);
  assert.ok(own.ok, 'the twin: in the browser that began it, it works');
});

test('an attempt works once, and not after its time', async () => {
  const { url, secret } = await start();
  assert.ok((await finish(provider.backFrom(url), secret)).ok);
  const again = await finish(provider.backFrom(url), secret);
  assert.equal(again.ok ? 'in' : again.error.code, 'sso-failed');
  const late = await start();
  await at.prisma.$executeRaw`UPDATE sso_attempts SET expires_at = clock_timestamp() WHERE used_at IS NULL`;
  const answer = await finish(provider.backFrom(late.url), late.secret);
  assert.equal(answer.ok ? 'in' : answer.error.code, 'sso-failed');
});

test('an e-mail that the provider did not verify binds nobody; once it is verified it does', async () => {
  for (const value of [false, undefined, 'yes', 1]) {
    assert.equal(await attempt({ claims: { email_verified: value } }), 'sso-email-unverified');
  }
  assert.equal(await at.prisma.person.count({ where: { subject: { not: null } } }), 0);
  assert.equal(await attempt({ claims: { email_verified: true } }), 'in');
  // Bound: the e-mail is of no account any more, and the subject alone says who it is.
  assert.equal(await attempt({ claims: { email: 'other@example.com', email_verified: false } }), 'in');
});

test('the account of one subject is not opened to another by its e-mail', async () => {
  assert.equal(await attempt({}), 'in');
  assert.equal(await attempt({ claims: { sub: 'somebody else' } }), 'sso-no-account');
  assert.equal(await lastWhy(), 'another-subject');
});

test('a subject whose account is disabled stays out, with a new e-mail and an invitation too', async () => {
  await addPerson(at, 'dan', ['reviewer']);
  assert.equal(await attempt({ claims: { sub: 'dan', email: 'dan@example.com' } }), 'in');
  await at.prisma.person.update({ where: { email: 'dan@example.com' }, data: { status: 'disabled' } });
  assert.equal(await attempt({ claims: { sub: 'dan', email: 'dan@example.com' } }), 'sso-no-account');
  await at.prisma.signInSettings.update({
    where: { id: 1 },
    data: { autoCreate: true, mappings: [{ claim: 'all', roles: ['reviewer'], groups: [] }] },
  });
  const again = await attempt({ claims: { sub: 'dan', email: 'dan2@example.com', groups: ['all'] } });
  assert.equal(again, 'sso-no-account');
  await at.prisma.signInSettings.update({ where: { id: 1 }, data: { autoCreate: false, mappings: [] } });
});

test('a provider that is down or makes no sense refuses sign-in, and ends no session', async () => {
  const ana = await signInAs(at, 'ana@example.com');
  const documents: readonly Forgery[] = [
    { raw: 'no json' },
    { raw: '{}' },
    { discovery: { issuer: 'https://evil.example' } },
    { discovery: { token_endpoint: undefined } },
    { discovery: { code_challenge_methods_supported: ['plain'] } },
    { discovery: { authorization_endpoint: 'javascript:alert(1)' } },
  ];
  for (const forgery of documents) {
    provider.forge(forgery);
    const started = await startSignIn({ ...at, env }, { address: '192.0.2.9', next: undefined, stepUp: null });
    assert.equal(started.ok ? 'started' : started.error.code, 'sso-unavailable', JSON.stringify(forgery));
  }
  const session = await at.prisma.personSession.findUniqueOrThrow({ where: { id: ana.sessionId } });
  assert.equal(session.revokedAt, null);
});

test('what the discovery document names is reached only where the allowlist says so, and no redirect is followed', async () => {
  let touched = 0;
  const neighbour = createServer((_request, response) => {
    touched++;
    response.end('{}');
  });
  await new Promise<void>((resolve) => neighbour.listen(0, '127.0.0.1', resolve));
  // Parse boundary: a TCP server's address is no string.
  const inside = `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}`;
  const withEndpoints = { token_endpoint: `${inside}/token`, jwks_uri: `${inside}/jwks` };
  assert.equal(await attempt({ discovery: withEndpoints }), 'sso-unavailable');
  assert.match(await lastWhy(), /egress/);
  assert.equal(await attempt({ redirectTo: `${inside}/token` }), 'sso-unavailable');
  assert.equal(await attempt({ discovery: { jwks_uri: 'http://169.254.169.254/jwks' } }), 'sso-unavailable');
  assert.equal(touched, 0);
  await new Promise((resolve) => neighbour.close(resolve));
});

test('after signing in the browser goes to a path of the console and nowhere else', async () => {
  const wanted = ['https://evil.example', '//evil.example', '/\\evil.example', '/audit?agent=a'];
  const landed: string[] = [];
  for (const next of wanted) {
    const { url, secret } = await start(next);
    const back = await finish(provider.backFrom(url), secret);
    assert.ok(back.ok);
    landed.push(back.value.next);
  }
  assert.deepEqual(landed, ['/', '/', '/', '/audit?agent=a']);
});

test('an e-mail counts as verified only where the answer that names it says so (takeover by two answers)', async () => {
  const ana = () => at.prisma.person.findUniqueOrThrow({ where: { email: 'ana@example.com' } });
  const halves = { email: 'ana@example.com', email_verified: undefined };
  const mallory = { sub: 'forged', email: 'mallory@elsewhere.example', email_verified: true };
  for (const claims of [halves, { ...halves, groups: undefined }]) {
    assert.notEqual(await attempt({ claims, userInfo: mallory }), 'in', 'the word about another address');
    assert.notEqual(await attempt({ claims, userInfo: { sub: 'forged', email_verified: true } }), 'in');
    assert.notEqual(await attempt({ claims, userInfo: { ...mallory, sub: 'other', email: 'ana@example.com' } }), 'in');
    assert.equal((await ana()).subject, null);
  }
  const whole = { sub: 'forged', email: 'ana@example.com', email_verified: true };
  assert.equal(await attempt({ claims: { email: undefined, email_verified: undefined }, userInfo: whole }), 'in');
  assert.equal(
    await attempt({ claims: { groups: undefined }, userInfo: mallory }),
    'in',
    'the twin: groups alone come from there',
  );
});
