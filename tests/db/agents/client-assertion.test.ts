import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignJWT } from 'jose';
import { forgetEndedTokens } from '#lib/server/agents/housekeeping.ts';
import { addPublicKey, revokeKey } from '#lib/server/agents/public-keys.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { GATEWAY_URL, type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { askOAuth, assertionForm, grantFor, registerKey } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

async function ask(form: Readonly<Record<string, string>>) {
  const answer = await askOAuth(at, 'token', null, { ...grantFor(CALLS), ...form });
  return answer.status === 200 ? 'token' : `${answer.status} ${String(answer.body.error)}`;
}

test('an agent proves itself with a key of its own: Ed25519, P-256 or RSA', async () => {
  for (const kind of ['ed25519', 'p256', 'rsa'] as const) {
    const agent = await makeAgent(at, { name: `signs-${kind}` });
    const key = await registerKey(at, `signs-${kind}`, kind);
    assert.equal(await ask(await assertionForm(agent.clientId, key)), 'token', kind);
    assert.equal(await ask(await assertionForm(agent.clientId, key, { aud: GATEWAY_URL })), 'token', 'the issuer');
    const row = await at.prisma.agentKey.findUniqueOrThrow({ where: { id: key.keyId } });
    assert.notEqual(row.lastUsedAt, null);
  }
});

test('an assertion is taken once, also by two gateways at the same time', async () => {
  const agent = await makeAgent(at, { name: 'replayed' });
  const key = await registerKey(at, 'replayed');
  const form = await assertionForm(agent.clientId, key);
  const answers = await Promise.all([ask(form), ask(form), ask(form)]);
  assert.deepEqual(answers.sort(), ['401 invalid_client', '401 invalid_client', 'token']);
  await forgetEndedTokens(at.prisma);
  assert.equal(await ask(form), '401 invalid_client', 'housekeeping must not make room for a replay');
});

test('an assertion that is not exactly right is refused', async () => {
  const agent = await makeAgent(at, { name: 'exact' });
  const other = await makeAgent(at, { name: 'other' });
  const key = await registerKey(at, 'exact');
  const foreign = await registerKey(at, 'other');
  const wrong: readonly (readonly [string, Parameters<typeof assertionForm>[2]])[] = [
    ['another audience', { aud: 'https://as.example/token' }],
    ['two audiences', { aud: [GATEWAY_URL, 'https://as.example'] }],
    ['another issuer', { iss: other.clientId }],
    ['another subject', { sub: other.clientId }],
    ['a life of more than five minutes', { lifeS: 301 }],
    ['expired', { agoS: 120 }],
    ['no jti', { jti: '' }],
  ];
  assert.equal(await ask(await assertionForm(agent.clientId, key)), 'token');
  for (const [name, claims] of wrong) {
    assert.equal(await ask(await assertionForm(agent.clientId, key, claims)), '401 invalid_client', name);
  }
  assert.equal(await ask(await assertionForm(agent.clientId, foreign)), '401 invalid_client', "another agent's key");
  assert.equal(await ask(await assertionForm('agent_nobody', key)), '401 invalid_client', 'an unknown client');
});

test('the assertion does not choose its algorithm: none and HS256 over the public key are refused (C01)', async () => {
  const agent = await makeAgent(at, { name: 'algs' });
  const key = await registerKey(at, 'algs', 'rsa');
  const good = await assertionForm(agent.clientId, key);
  const [, body = ''] = (good.client_assertion ?? '').split('.');
  const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
  for (const forged of [`${none}.${body}.`, `${none}.${body}.AA`]) {
    assert.equal(await ask({ ...good, client_assertion: forged }), '401 invalid_client');
  }
  const row = await at.prisma.agentKey.findUniqueOrThrow({ where: { id: key.keyId } });
  const hmac = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(agent.clientId)
    .setSubject(agent.clientId)
    .setAudience(GATEWAY_URL)
    .setJti('h')
    .setExpirationTime('1m')
    .sign(Buffer.from(JSON.stringify(row.jwk)));
  assert.equal(await ask({ ...good, client_assertion: hmac }), '401 invalid_client');
  assert.equal(await ask(good), 'token', 'the guards leave a good one alone');
});

test('two ways at once, a secret in the form and a parameter twice are refused', async () => {
  const agent = await makeAgent(at, { name: 'two-ways' });
  const key = await registerKey(at, 'two-ways');
  const form = { ...grantFor(CALLS), ...(await assertionForm(agent.clientId, key)) };
  assert.equal((await askOAuth(at, 'token', agent, form)).body.error, 'invalid_request');
  const secret = { ...grantFor(CALLS), client_id: agent.clientId, client_secret: agent.clientSecret };
  assert.equal((await askOAuth(at, 'token', null, secret)).status, 401);
  assert.equal(await ask({ ...form, client_assertion_type: 'something else' }), '401 invalid_client');
});

test('a key that was ended proves nothing from then on, and no private half is ever stored', async () => {
  const agent = await makeAgent(at, { name: 'ended-key' });
  const key = await registerKey(at, 'ended-key');
  assert.equal(await ask(await assertionForm(agent.clientId, key)), 'token');
  assert.ok((await revokeKey(at, at.admin, 'ended-key', key.keyId)).ok);
  assert.equal(await ask(await assertionForm(agent.clientId, key)), '401 invalid_client');
  const pasted = { ...key.privateKey.export({ format: 'jwk' }) };
  const jwk = Object.fromEntries(Object.entries(pasted).filter(([, value]) => typeof value === 'string'));
  const added = await addPublicKey(at, at.admin, 'ended-key', { jwk: JSON.parse(JSON.stringify(jwk)), overlapS: null });
  assert.equal(added.ok ? null : added.error.code, 'invalid-request');
  await assert.rejects(
    at.prisma.$executeRaw`UPDATE agent_keys SET jwk = jwk || '{"d":"secret"}' WHERE id = ${key.keyId}::uuid`,
    /agent_keys_public_check/,
  );
});
