// How often an agent gets tokens, and whose failures count against whom behind a load balancer.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Gateway, startGateway } from '#lib/server/gateway/start-gateway.ts';
import { createLog } from '#lib/server/log.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { gatewayEnv } from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { askOAuth, type Credentials, fetchToken, grantFor } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
const OPAQUE = { token_format: 'opaque' };
let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

test('an agent gets ten tokens a minute, of either kind; then it is told when to come back, and others are not held up', async () => {
  const agent = await makeAgent(at, { name: 'hasty' });
  for (let n = 0; n < 10; n++) await fetchToken(at, agent, CALLS, n % 2 === 0 ? OPAQUE : {});
  const issued = () => at.prisma.agentToken.count({ where: { agentId: agent.id } });
  const before = await issued();
  for (const more of [OPAQUE, {}]) {
    const refused = await askOAuth(at, 'token', agent, grantFor(CALLS, more));
    assert.equal(refused.status, 429);
    assert.equal(refused.body.error, 'slow_down');
    assert.equal(refused.body.code, 'rate-limited');
    assert.equal(refused.body.status, 429);
    const waitS = Number(refused.headers.get('retry-after'));
    assert.ok(waitS >= 1 && waitS <= 60, `${waitS} s`);
  }
  assert.equal(await issued(), before, 'nothing was issued');
  await fetchToken(at, await makeAgent(at, { name: 'other' }), CALLS);
  await at.prisma.$executeRaw`
    UPDATE attempt_windows SET window_start = window_start - interval '60 seconds' WHERE key = ${`oauth:tokens:${agent.id}`}`;
  await fetchToken(at, agent, CALLS, OPAQUE);
});

test('what is refused for another reason takes no place', async () => {
  const agent = await makeAgent(at, { name: 'clumsy' });
  for (let n = 0; n < 12; n++) {
    assert.equal((await askOAuth(at, 'token', agent, grantFor('/mcp/not-its-own'))).status, 400);
  }
  await fetchToken(at, agent, CALLS);
});

test('an agent of many servers can start them all', async () => {
  const servers = Array.from({ length: 6 }, (_, n) => `many-${n}`);
  for (const name of servers) {
    const about = { transport: 'external' as const, name, tier: 'low' as const, description: '', tools: [] };
    assert.ok((await registerServer(at, at.admin, about)).ok);
  }
  const agent = await makeAgent(at, { name: 'busy', servers });
  for (let n = 0; n < 12; n++) await fetchToken(at, agent, CALLS);
  assert.equal((await askOAuth(at, 'token', agent, grantFor(CALLS))).status, 429);
});

/** Asks a running gateway for a token, as a load balancer passes a client's request on. */
async function askThrough(gateway: Gateway, { clientId }: Credentials, clientSecret: string, client: string) {
  const answer = await fetch(`http://127.0.0.1:${gateway.port}/oauth/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      'x-forwarded-for': client,
    },
    body: new URLSearchParams(grantFor(CALLS)),
  });
  await answer.arrayBuffer();
  return answer.status;
}

for (const { proxies, others, says } of [
  { proxies: '127.0.0.1', others: 200, says: 'each client behind a load balancer has failures of its own' },
  { proxies: '', others: 429, says: 'where no proxy is trusted, what a client writes of itself does not count' },
]) {
  test(says, async () => {
    const agent = await makeAgent(at, { name: `behind-${others}` });
    const env = gatewayEnv(at, proxies === '' ? {} : { TRUSTED_PROXIES: proxies });
    const gateway = await startGateway({
      databaseUrl: at.url,
      keys: at.keys,
      env,
      log: createLog('silent', 'gateway'),
    });
    try {
      for (let n = 0; n < 30; n++) await askThrough(gateway, agent, `css_wrong_${n}`, '198.51.100.7');
      assert.equal(await askThrough(gateway, agent, agent.clientSecret, '198.51.100.7'), 429);
      assert.equal(await askThrough(gateway, agent, agent.clientSecret, '198.51.100.8'), others);
    } finally {
      await gateway.close();
    }
  });
}
