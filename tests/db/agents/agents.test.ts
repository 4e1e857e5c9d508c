import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { changeAgent } from '#lib/server/agents/change-agent.ts';
import { createAgent } from '#lib/server/agents/create-agent.ts';
import { createIdentify } from '#lib/server/agents/identify.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { listAgents, readAgent } from '#lib/server/agents/list-agents.ts';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { revokeToken } from '#lib/server/agents/revoke-token.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import { hashSecret } from '#lib/server/agents/secrets.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent, readDirectory } from '#tests/fixtures/agents.ts';
import {
  GATEWAY_URL,
  type Installation,
  openInstallation,
  recordedEvents,
  withRoles,
} from '#tests/fixtures/installation.ts';

let at: Installation;
before(async () => {
  at = await openInstallation();
});
after(() => at.close());

async function identifyNow(authorization: string, audience: string) {
  const directory = await readDirectory(at);
  const identify = createIdentify({ snapshot: () => directory, keys: at.keys, gatewayUrl: GATEWAY_URL });
  return identify(authorization, audience);
}

test('creating an agent answers the secret once and stores only its hash', async () => {
  const made = await makeAgent(at, { name: 'secretive' });
  const row = await at.prisma.agentKey.findFirstOrThrow({ where: { agentId: made.id } });
  assert.match(made.clientSecret, /^css_/);
  assert.equal(row.secretHash, hashSecret(made.clientSecret));
  const shown = JSON.stringify(await readAgent(at.prisma, 'secretive', GATEWAY_URL));
  assert.ok(!shown.includes(made.clientSecret) && !shown.includes(row.secretHash));
  for (const event of await recordedEvents(at.prisma)) assert.ok(!event.text.includes(made.clientSecret));
});

test('only an admin creates agents, and nothing is written for anybody else', async () => {
  const events = (await recordedEvents(at.prisma)).length;
  const input = {
    name: 'nope',
    client: 'sdk',
    requestTimeoutMs: null,
    pendingCap: 5,
    servers: [],
    aggregate: false,
  } as const;
  const made = await createAgent(at, withRoles(at.admin, ['reviewer', 'security']), { ...input, servers: [] });
  assert.deepEqual(made.ok ? null : made.error.code, 'not-allowed');
  assert.equal((await recordedEvents(at.prisma)).length, events);
});

test('a refused change leaves nothing behind: an unknown server rolls the new agent back', async () => {
  await assert.rejects(makeAgent(at, { name: 'half', servers: ['no-such-server'] }), /invalid-request/);
  assert.equal(await readAgent(at.prisma, 'half', GATEWAY_URL), null);
});

test('external servers of an agent are not among those it reaches over MCP', async () => {
  await at.prisma.stdioCommand.create({ data: { name: 'spoken', argv: ['server'] } });
  for (const transport of [
    { transport: 'stdio', name: 'spoken', command: 'spoken' },
    { transport: 'external', name: 'declared', tools: [{ name: 'exec', class: 'shell', reason: 'a shell' }] },
  ]) {
    assert.ok((await registerServer(at, at.admin, serverCreateSchema.parse(transport))).ok);
  }
  await makeAgent(at, { name: 'both-ways', servers: ['spoken', 'declared'] });
  const agent = await readAgent(at.prisma, 'both-ways', GATEWAY_URL);
  assert.deepEqual(agent?.servers, ['declared', 'spoken']);
  assert.deepEqual(agent?.mcpServers, ['spoken']);
});

test('two agents cannot share a name', async () => {
  await makeAgent(at, { name: 'twin' });
  await assert.rejects(makeAgent(at, { name: 'twin' }), /name-taken/);
});

test('a static token identifies its agent for its audience only, until it is revoked', async () => {
  const made = await makeAgent(at, { name: 'static', aggregate: true });
  const token = await issueToken(at, at.admin, 'static', { audience: '/mcp', ttlS: 3600 });
  assert.ok(token.ok);
  const known = await identifyNow(`Bearer ${token.value.token}`, '/mcp');
  assert.ok(known.ok);
  assert.equal(known.value.id, made.id);
  assert.equal(known.value.kind, 'agent');
  const elsewhere = await identifyNow(`Bearer ${token.value.token}`, '/api/v1/calls');
  assert.deepEqual(elsewhere, { ok: false, error: { code: 'token-wrong-audience' } });
  await revokeToken(at, at.admin, 'static', token.value.id);
  assert.deepEqual(await identifyNow(`Bearer ${token.value.token}`, '/mcp'), {
    ok: false,
    error: { code: 'token-invalid' },
  });
});

test('a static token lives at most 24 hours and only for audiences the agent may use', async () => {
  await makeAgent(at, { name: 'bounded' });
  const long = await issueToken(at, at.admin, 'bounded', { audience: '/api/v1/calls', ttlS: 9_999_999 });
  assert.ok(long.ok);
  assert.ok(Date.parse(long.value.expiresAt) - Date.now() <= 86_400_000 + 5000);
  const aggregate = await issueToken(at, at.admin, 'bounded', { audience: '/mcp', ttlS: 60 });
  assert.equal(aggregate.ok ? null : aggregate.error.code, 'invalid-request');
});

test('rotating without an overlap ends every token and the old secret; revoking ends the agent', async () => {
  const made = await makeAgent(at, { name: 'rotating' });
  const token = await issueToken(at, at.admin, 'rotating', { audience: '/api/v1/calls', ttlS: 600 });
  assert.ok(token.ok);
  const rotated = await rotateAgent(at, at.admin, 'rotating', { overlapS: 0 });
  assert.ok(rotated.ok);
  assert.notEqual(rotated.value.clientSecret, made.clientSecret);
  assert.equal((await identifyNow(`Bearer ${token.value.token}`, '/api/v1/calls')).ok, false);
  const again = await issueToken(at, at.admin, 'rotating', { audience: '/api/v1/calls', ttlS: 600 });
  assert.ok(again.ok);
  const bySecurity = await revokeAgent(at, withRoles(at.admin, ['security']), 'rotating', 'it misbehaved');
  assert.ok(bySecurity.ok);
  assert.equal((await identifyNow(`Bearer ${again.value.token}`, '/api/v1/calls')).ok, false);
  const changed = await changeAgent(at, at.admin, 'rotating', { pendingCap: 3 });
  assert.equal(changed.ok ? null : changed.error.code, 'conflict');
});

test('a change that changes nothing writes nothing, and every real one moves the configuration on', async () => {
  await makeAgent(at, { name: 'steady', pendingCap: 7 });
  const version = async () => (await at.prisma.configHead.findUniqueOrThrow({ where: { id: 1 } })).version;
  const start = await version();
  assert.deepEqual((await changeAgent(at, at.admin, 'steady', { pendingCap: 7 })).ok, true);
  assert.equal(await version(), start);
  await changeAgent(at, at.admin, 'steady', { pendingCap: 8, client: 'claude-code' });
  assert.equal(await version(), start + 1n);
  const agent = await readAgent(at.prisma, 'steady', GATEWAY_URL);
  assert.equal(agent?.client, 'claude-code');
  assert.ok(
    (await listAgents(at.prisma, { limit: 100 })).items.some((one) => one.name === 'steady' && one.pendingCap === 8),
  );
});
