// Tokens, keys and sessions that end, in two gateways at once, also where no notification arrives.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { revokeKey } from '#lib/server/agents/public-keys.ts';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { GATEWAY_URL, type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { askOAuth, fetchToken } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
/** What the issue promises. */
const WITHIN_MS = 1_000;
let at: Installation;
let gateways: readonly [Gateway, Gateway];

before(async () => {
  at = await openInstallation();
  const tools = [{ name: 'read', class: 'file-read', tier: 'low', reason: 'a scratch folder' }];
  const made = await registerServer(
    at,
    at.admin,
    serverCreateSchema.parse({ transport: 'external', name: 'host', tools }),
  );
  assert.ok(made.ok);
  gateways = [await startTestGateway(at), await startTestGateway(at)];
});
after(async () => {
  for (const gateway of gateways ?? []) await gateway.close();
  await at.close();
});

async function call(gateway: Gateway, token: string, session?: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${CALLS}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      server: 'host',
      tool: 'read',
      arguments: {},
      ...(session === undefined ? {} : { session }),
    }),
  });
  const body: { decision?: string; code?: string } = await response.json();
  if (response.status === 401) {
    const challenge = response.headers.get('www-authenticate') ?? '';
    assert.ok(challenge.includes(`resource_metadata="${GATEWAY_URL}/.well-known/oauth-protected-resource${CALLS}"`));
  }
  return body.decision === 'allow' ? 'allow' : String(body.code);
}
const inBoth = (token: string) => Promise.all(gateways.map((gateway) => call(gateway, token)));
const isKnown = (token: string) =>
  eventually('both gateways to know the agent', async () => (await inBoth(token)).every((one) => one === 'allow'));

/** Until when both gateways refuse; the clock starts when the change is committed. */
async function refusedWithin(token: string, code: string): Promise<void> {
  const since = performance.now();
  for (;;) {
    const answers = await inBoth(token);
    if (answers.every((one) => one === code)) return;
    const tookMs = performance.now() - since;
    assert.ok(tookMs < WITHIN_MS, `${Math.round(tookMs)} ms later: ${answers.join(' and ')}`);
  }
}
/** What a gateway sees of a change whose notification was lost: rows and a version, and no word. */
async function withoutWord(change: () => Promise<unknown>): Promise<void> {
  await change();
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
}

test('what an agent revokes is refused in every gateway within a second (C01)', async () => {
  const agent = await makeAgent(at, { name: 'revokes', servers: ['host'] });
  for (const more of [{}, { token_format: 'opaque' }]) {
    const token = await fetchToken(at, agent, CALLS, more);
    const other = await fetchToken(at, agent, CALLS);
    await isKnown(token);
    assert.equal((await askOAuth(at, 'revoke', agent, { token })).status, 200);
    await refusedWithin(token, 'token-invalid');
    assert.deepEqual(await inBoth(other), ['allow', 'allow'], 'one token, not the agent');
  }
});

test('an ended key, a rotation without an overlap and a revoked agent are refused within a second', async () => {
  const agent = await makeAgent(at, { name: 'ends', servers: ['host'] });
  const rotated = await rotateAgent(at, at.admin, 'ends', { overlapS: 3600 });
  assert.ok(rotated.ok);
  const [old, fresh] = [await fetchToken(at, agent, CALLS), await fetchToken(at, rotated.value, CALLS)];
  await isKnown(old);
  await revokeKey(at, at.admin, 'ends', agent.keyId);
  await refusedWithin(old, 'token-invalid');
  assert.deepEqual(await inBoth(fresh), ['allow', 'allow']);
  const again = await rotateAgent(at, at.admin, 'ends', { overlapS: 0 });
  assert.ok(again.ok);
  await refusedWithin(fresh, 'token-invalid');
  const last = await fetchToken(at, again.value, CALLS);
  await isKnown(last);
  await revokeAgent(at, at.admin, 'ends', 'it misbehaved');
  await refusedWithin(last, 'token-invalid');
});

test('a revocation whose notification is lost takes effect within a second all the same', async () => {
  const agent = await makeAgent(at, { name: 'unheard', servers: ['host'] });
  const signed = await fetchToken(at, agent, CALLS);
  const issued = await issueToken(at, at.admin, 'unheard', { audience: CALLS, ttlS: 600 });
  assert.ok(issued.ok);
  const { id, token } = issued.value;
  await isKnown(signed);
  await isKnown(token);
  await withoutWord(() => at.prisma.agentToken.update({ where: { id }, data: { revokedAt: new Date() } }));
  await refusedWithin(token, 'token-invalid');
  const jti = String((await askOAuth(at, 'introspect', agent, { token: signed })).body.jti);
  await withoutWord(() =>
    at.prisma.revokedAccessToken.create({
      data: { jti, agentId: agent.id, expiresAt: new Date(Date.now() + 900_000) },
    }),
  );
  await refusedWithin(signed, 'token-invalid');
});

test('while a gateway cannot read what was revoked it refuses everybody, and goes on once it can', async () => {
  const agent = await makeAgent(at, { name: 'unread', servers: ['host'] });
  const token = await fetchToken(at, agent, CALLS);
  await isKnown(token);
  await at.prisma.$executeRaw`ALTER TABLE revoked_access_tokens RENAME TO out_of_reach`;
  await withoutWord(() => Promise.resolve());
  await eventually('both to refuse', async () =>
    (await inBoth(token)).every((answer) => answer === 'database-unavailable'),
  );
  await at.prisma.$executeRaw`ALTER TABLE out_of_reach RENAME TO revoked_access_tokens`;
  await isKnown(token);
});
