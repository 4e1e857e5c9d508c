import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { forgetEndedTokens } from '#lib/server/agents/housekeeping.ts';
import { revokeKey } from '#lib/server/agents/public-keys.ts';
import { applyConfig } from '#lib/server/apply/apply-config.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, pendingRequest, startTestGateway, vote } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { askOAuth, assertionForm, fetchToken, grantFor } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
const answerSchema = z.object({ decision: z.string().optional(), code: z.string().optional() });
let at: Installation;
let gateway: Gateway;
before(async () => {
  at = await openInstallation();
  const tools = [
    { name: 'write', class: 'file-write', tier: 'medium', reason: 'x' },
    { name: 'read', class: 'file-read', tier: 'low', reason: 'x' },
  ];
  const made = await registerServer(
    at,
    at.admin,
    serverCreateSchema.parse({ transport: 'external', name: 'host', tools }),
  );
  assert.ok(made.ok);
  gateway = await startTestGateway(at);
});
after(async () => {
  await gateway.close();
  await at.close();
});

async function call(token: string, tool: string, more: object = {}) {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${CALLS}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ server: 'host', tool, arguments: {}, ...more }),
  });
  return answerSchema.parse(await response.json());
}

test('a held call of a revoked token does not run after the token would have run out either', async () => {
  const agent = await makeAgent(at, { name: 'revoked', servers: ['host'] });
  const token = await fetchToken(at, agent, CALLS);
  await eventually('the agent', async () => (await call(token, 'read')).decision === 'allow');
  const waiting = call(token, 'write', { wait: 30 });
  const request = await pendingRequest(at, 'write');
  assert.equal((await askOAuth(at, 'revoke', agent, { token })).status, 200);
  await eventually('the revocation', async () => (await call(token, 'read')).code === 'token-invalid');
  // Half a day later, with a housekeeping and any change of configuration.
  await at.prisma.$executeRaw`UPDATE revoked_access_tokens SET expires_at = clock_timestamp() - interval '12 hours'`;
  await forgetEndedTokens(at.prisma);
  const other = await makeAgent(at, { name: 'later', servers: ['host'] });
  const laterToken = await fetchToken(at, other, CALLS);
  await eventually('the change', async () => (await call(laterToken, 'read')).decision === 'allow');
  await vote(at, request.id, 'approve');
  assert.equal((await waiting).code, 'token-invalid');
  await at.prisma.$executeRaw`UPDATE revoked_access_tokens SET expires_at = clock_timestamp() - interval '26 hours'`;
  await forgetEndedTokens(at.prisma);
  assert.equal(await at.prisma.revokedAccessToken.count(), 0, 'rows that nothing can ask about are forgotten');
});

test('an approval of a session that was quarantined meanwhile says so, and not that it was killed', async () => {
  const agent = await makeAgent(at, { name: 'outside', servers: ['host'] });
  const token = await fetchToken(at, agent, CALLS);
  await eventually('the agent', async () => (await call(token, 'read')).decision === 'allow');
  const waiting = call(token, 'write', { wait: 30, session: 'S' });
  const request = await pendingRequest(at, 'write');
  // As committed a moment before the request was opened: it was not there to be ended.
  const row = { id: crypto.randomUUID(), agentId: agent.id, session: 'S', others: [], by: 'x', reason: 'x' };
  await at.prisma.sessionQuarantine.create({ data: row });
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
  await eventually(
    'the quarantine',
    async () => (await call(token, 'read', { session: 'S' })).code === 'session-quarantined',
  );
  await vote(at, request.id, 'approve');
  assert.equal((await waiting).code, 'session-quarantined');
});

test('a public key that was revoked does not come back by the next apply', async () => {
  const agent = await makeAgent(at, { name: 'robot', servers: ['host'] });
  const pair = generateKeyPairSync('ed25519');
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const file = { version: 1, agents: [{ name: 'robot', owner: at.admin.email, servers: ['host'], keys: [jwk] }] };
  const apply = () =>
    applyConfig(JSON.stringify(file), {
      ...at,
      actor: at.admin,
      dryRun: false,
      consoleUrl: 'http://localhost:3000',
    });
  const ask = async () => {
    const form = await assertionForm(agent.clientId, { privateKey: pair.privateKey, alg: 'EdDSA' });
    return (await askOAuth(at, 'token', null, { ...grantFor(CALLS), ...form })).status;
  };
  assert.ok((await apply()).ok);
  assert.equal(await ask(), 200);
  const key = await at.prisma.agentKey.findFirstOrThrow({ where: { agentId: agent.id, kind: 'jwk' } });
  // A key whose overlap is over may come back: nobody has ended it.
  await at.prisma.agentKey.update({ where: { id: key.id }, data: { notAfter: new Date(Date.now() - 60_000) } });
  assert.equal(await ask(), 401);
  assert.ok((await apply()).ok);
  assert.equal(await ask(), 200);
  const again = await at.prisma.agentKey.findFirstOrThrow({
    where: { agentId: agent.id, kind: 'jwk', revokedAt: null },
  });
  assert.ok((await revokeKey(at, at.admin, 'robot', again.id)).ok);
  assert.equal((await apply()).ok, false);
  assert.equal(await ask(), 401);
});

test('renewing in a loop does not pile up live tokens', async () => {
  const agent = await makeAgent(at, { name: 'renewing', servers: ['host'] });
  for (let n = 0; n < 6; n++) await fetchToken(at, agent, CALLS, { token_format: 'opaque' });
  const live = { agentId: agent.id, revokedAt: null, expiresAt: { gt: new Date() } };
  assert.equal(await at.prisma.agentToken.count({ where: live }), 3);
});

test('strangers at the same address do not keep agents from getting tokens', async () => {
  const agent = await makeAgent(at, { name: 'crowded', servers: ['host'] });
  let last = 0;
  for (let n = 0; n < 125; n++) {
    const stranger = { clientId: `nobody${n}`, clientSecret: 'x' };
    last = (await askOAuth(at, 'introspect', stranger, { token: 'x' })).status;
  }
  assert.equal(last, 429, 'the strangers themselves are slowed down');
  assert.equal((await askOAuth(at, 'token', agent, grantFor(CALLS))).status, 200);
});
