import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createIdentify } from '#lib/server/agents/identify.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { readAgent } from '#lib/server/agents/list-agents.ts';
import { revokeKey } from '#lib/server/agents/public-keys.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import { makeAgent, readDirectory } from '#tests/fixtures/agents.ts';
import {
  GATEWAY_URL,
  type Installation,
  openInstallation,
  recordedEvents,
  withRoles,
} from '#tests/fixtures/installation.ts';
import { askOAuth, fetchToken, grantFor } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

async function isGood(token: string): Promise<boolean> {
  const directory = await readDirectory(at);
  return createIdentify({ snapshot: () => directory, keys: at.keys, gatewayUrl: GATEWAY_URL })(`Bearer ${token}`, CALLS)
    .ok;
}
const active = async (agent: { clientId: string; clientSecret: string }, token: string) =>
  (await askOAuth(at, 'introspect', agent, { token })).body.active;

test('after a rotation both secrets work until the overlap is over, then the old one and its tokens do not (C01)', async () => {
  const agent = await makeAgent(at, { name: 'overlap' });
  const before = await fetchToken(at, agent, CALLS);
  const rotated = await rotateAgent(at, at.admin, 'overlap', { overlapS: 3600 });
  assert.ok(rotated.ok);
  const after = await fetchToken(at, rotated.value, CALLS);
  await fetchToken(at, agent, CALLS);
  assert.deepEqual([await isGood(before), await isGood(after)], [true, true]);
  const shown = await readAgent(at.prisma, 'overlap', GATEWAY_URL);
  assert.deepEqual(
    shown?.keys.map((key) => key.notAfter === null),
    [true, false],
  );
  assert.notEqual(shown?.aging.nextKeyEnd, null);

  // An hour later, on the database's clock.
  await at.prisma
    .$executeRaw`UPDATE agent_keys SET not_after = clock_timestamp() WHERE agent_id = ${agent.id}::uuid AND not_after IS NOT NULL`;
  assert.equal((await askOAuth(at, 'token', agent, grantFor(CALLS))).status, 401);
  assert.deepEqual([await isGood(before), await isGood(after)], [false, true]);
  assert.deepEqual([await active(rotated.value, before), await active(rotated.value, after)], [false, true]);
});

test('a second rotation never lengthens the overlap of the first', async () => {
  const agent = await makeAgent(at, { name: 'twice' });
  await rotateAgent(at, at.admin, 'twice', { overlapS: 60 });
  const first = await at.prisma.agentKey.findFirstOrThrow({
    where: { agentId: agent.id },
    orderBy: { createdAt: 'asc' },
  });
  await rotateAgent(at, at.admin, 'twice', { overlapS: 86_400 });
  const now = await at.prisma.agentKey.findUniqueOrThrow({ where: { id: first.id } });
  assert.deepEqual(now.notAfter, first.notAfter);
});

test('ending one key ends what was fetched with it and nothing else', async () => {
  const agent = await makeAgent(at, { name: 'one-key' });
  const rotated = await rotateAgent(at, at.admin, 'one-key', { overlapS: 3600 });
  assert.ok(rotated.ok);
  const [signed, opaque] = [
    await fetchToken(at, agent, CALLS),
    await fetchToken(at, agent, CALLS, { token_format: 'opaque' }),
  ];
  const kept = await fetchToken(at, rotated.value, CALLS);
  const byAdmin = await issueToken(at, at.admin, 'one-key', { audience: CALLS, ttlS: 600 });
  assert.ok(byAdmin.ok);
  const refused = await revokeKey(at, withRoles(at.admin, ['reviewer']), 'one-key', agent.keyId);
  assert.equal(refused.ok ? null : refused.error.code, 'not-allowed');
  assert.ok((await revokeKey(at, withRoles(at.admin, ['security']), 'one-key', agent.keyId)).ok);
  assert.deepEqual(
    [await isGood(signed), await isGood(opaque), await isGood(kept), await isGood(byAdmin.value.token)],
    [false, false, true, true],
  );
  const other = await makeAgent(at, { name: 'not-its-key' });
  const foreign = await revokeKey(at, at.admin, 'one-key', other.keyId);
  assert.equal(foreign.ok ? null : foreign.error.code, 'not-found', "another agent's key is not there (T39)");
});

test('a renewed static token lets the one before it end five minutes later, and leaves an admin’s alone', async () => {
  const agent = await makeAgent(at, { name: 'renews' });
  const byAdmin = await issueToken(at, at.admin, 'renews', { audience: CALLS, ttlS: 7200 });
  assert.ok(byAdmin.ok);
  const first = await askOAuth(at, 'token', agent, grantFor(CALLS, { token_format: 'opaque', expires_in: '7200' }));
  assert.equal(first.body.expires_in, 7200);
  assert.match(String(first.body.access_token), /^cs_/);
  const second = await fetchToken(at, agent, CALLS, { token_format: 'opaque' });
  assert.ok((await isGood(String(first.body.access_token))) && (await isGood(second)));
  const rows = await at.prisma.agentToken.findMany({ where: { agentId: agent.id }, orderBy: { createdAt: 'asc' } });
  const left = rows.map((row) => Math.round((row.expiresAt.getTime() - Date.now()) / 60_000));
  assert.deepEqual(left, [120, 5, 60]);
  for (const expires_in of ['59', '86401', '-1', '1e9', 'x']) {
    const answer = await askOAuth(at, 'token', agent, grantFor(CALLS, { token_format: 'opaque', expires_in }));
    assert.equal(answer.body.error, 'invalid_request', expires_in);
  }
  assert.equal(
    (await askOAuth(at, 'token', agent, grantFor(CALLS, { token_format: 'saml' }))).body.error,
    'invalid_request',
  );
});

test('introspection tells an agent about its own tokens only', async () => {
  const agent = await makeAgent(at, { name: 'asks' });
  const stranger = await makeAgent(at, { name: 'asks-too' });
  for (const token of [
    await fetchToken(at, agent, CALLS),
    await fetchToken(at, agent, CALLS, { token_format: 'opaque' }),
  ]) {
    const own = await askOAuth(at, 'introspect', agent, { token });
    assert.equal(own.body.active, true);
    assert.deepEqual([own.body.client_id, own.body.aud], [agent.clientId, `${GATEWAY_URL}${CALLS}`]);
    assert.deepEqual((await askOAuth(at, 'introspect', stranger, { token })).body, { active: false });
    assert.equal((await askOAuth(at, 'introspect', null, { token })).status, 401);
    assert.equal((await askOAuth(at, 'revoke', stranger, { token })).status, 200);
    assert.equal(await active(agent, token), true, 'a stranger ends nothing (T39)');
    assert.equal((await askOAuth(at, 'revoke', agent, { token })).status, 200);
    assert.equal(await active(agent, token), false);
    assert.equal(await isGood(token), false);
    assert.equal((await askOAuth(at, 'revoke', agent, { token })).status, 200, 'twice is the same as once');
  }
  for (const token of ['cs_unknown', 'x.y.z', 'nonsense']) {
    assert.deepEqual((await askOAuth(at, 'introspect', agent, { token })).body, { active: false });
    assert.equal((await askOAuth(at, 'revoke', agent, { token })).status, 200);
  }
});

test('no secret and no token is in the log', async () => {
  const agent = await makeAgent(at, { name: 'quiet' });
  const rotated = await rotateAgent(at, at.admin, 'quiet', { overlapS: 60 });
  assert.ok(rotated.ok);
  const token = await fetchToken(at, agent, CALLS, { token_format: 'opaque' });
  const signed = await fetchToken(at, agent, CALLS);
  const text = (await recordedEvents(at.prisma)).map((event) => event.text).join('\n');
  for (const secret of [agent.clientSecret, rotated.value.clientSecret, token, signed])
    assert.ok(!text.includes(secret));
  assert.ok(text.includes('agent.rotated') && text.includes('agent.token-issued'));
});
