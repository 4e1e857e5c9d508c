import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { mintAccessToken } from '#lib/server/agents/access-token.ts';
import { ensureSigningKey, readSigningKeys, rotateSigningKeys, tableSigner } from '#lib/server/agents/signing-keys.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { eventually, startTestGateway } from '#tests/fixtures/gateway.ts';
import { GATEWAY_URL, type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { fetchToken } from '#tests/fixtures/oauth-client.ts';

const CALLS = '/api/v1/calls';
let at: Installation;
let gateways: readonly [Gateway, Gateway];
before(async () => {
  at = await openInstallation();
  const tools = [{ name: 'read', class: 'file-read', tier: 'low', reason: 'a scratch folder' }];
  await registerServer(at, at.admin, serverCreateSchema.parse({ transport: 'external', name: 'host', tools }));
  gateways = [await startTestGateway(at), await startTestGateway(at)];
});
after(async () => {
  for (const gateway of gateways ?? []) await gateway.close();
  await at.close();
});

async function allows(gateway: Gateway, token: string): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${gateway.port}${CALLS}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ server: 'host', tool: 'read', arguments: {} }),
  });
  return response.status === 200;
}
const allow = async (token: string) => Promise.all(gateways.map((gateway) => allows(gateway, token)));
async function published(): Promise<readonly string[]> {
  const response = await fetch(`http://127.0.0.1:${gateways[0].port}/.well-known/jwks.json`);
  const body: { keys: { kid: string; d?: string }[] } = await response.json();
  assert.ok(body.keys.every((key) => key.d === undefined));
  return body.keys.map((key) => key.kid);
}
/** Lets time pass for the keys, on the database's clock. */
const passDays = (days: number) => at.prisma.$executeRaw`
  UPDATE signing_keys SET signs_from = signs_from - make_interval(days => ${days}::int),
    retires_at = retires_at - make_interval(days => ${days}::int)`;
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

test('the key file becomes the first key, once, sealed, and no gateway forgets a token over it', async () => {
  await Promise.all([ensureSigningKey(at), ensureSigningKey(at)]);
  const rows = await at.prisma.signingKey.findMany();
  assert.deepEqual(
    rows.map((row) => row.kid),
    [at.keys.tokenSigning.kid],
  );
  const { d } = at.keys.tokenSigning.privateKey.export({ format: 'jwk' });
  assert.ok(typeof d === 'string' && !JSON.stringify(rows[0]?.jwk).includes(d));
  assert.ok(
    !Buffer.from(rows[0]?.sealed ?? [])
      .toString('latin1')
      .includes(d),
  );
});

test('after 30 days the next key signs, was published a day ahead, and the old one is believed until its tokens ran out', async () => {
  const agent = await makeAgent(at, { name: 'long-lived', servers: ['host'] });
  const first = at.keys.tokenSigning.kid;
  const early = await fetchToken(at, agent, CALLS);
  assert.equal(kidOf(early), first);
  await eventually('both to know the agent', async () => (await allow(early)).every(Boolean));

  await passDays(28);
  await rotateSigningKeys(at);
  assert.equal(await at.prisma.signingKey.count(), 1, 'not before the 29th day');
  await passDays(1);
  await Promise.all([rotateSigningKeys(at), rotateSigningKeys(at)]);
  assert.equal(await at.prisma.signingKey.count(), 2, 'two workers publish one key');
  await eventually('the next key to be published', async () => (await published()).length === 2);
  assert.equal(kidOf(await fetchToken(at, agent, CALLS)), first, 'published is not yet in use');

  await passDays(1);
  await at.prisma.$executeRaw`UPDATE config_head SET version = version + 1 WHERE id = 1`;
  const late = await fetchToken(at, agent, CALLS);
  const second = kidOf(late);
  assert.notEqual(second, first);
  await eventually('both to take the new key', async () => (await allow(late)).every(Boolean));
  assert.deepEqual(await allow(early), [true, true], 'the old key is believed beside it');
  assert.equal((await published()).length, 2);

  await at.prisma.$executeRaw`UPDATE signing_keys SET retires_at = clock_timestamp() WHERE kid = ${first}`;
  await rotateSigningKeys(at);
  await eventually('the old key to be gone', async () => (await published()).every((kid) => kid !== first));
  await eventually('both to refuse the old key', async () => (await allow(early)).every((one) => !one));
  assert.deepEqual(await allow(late), [true, true]);
  const gone = await at.prisma.signingKey.findUniqueOrThrow({ where: { kid: first } });
  assert.equal(gone.sealed, null, 'the private half is forgotten');
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.ok(types.includes('signing-key.added') && types.includes('signing-key.retired'));
});

test('the key file signs nothing that is believed once another key took over', async () => {
  const agent = await makeAgent(at, { name: 'stolen-file', servers: ['host'] });
  const good = await fetchToken(at, agent, CALLS);
  await eventually('both to know the agent', async () => (await allow(good)).every(Boolean));
  const { kid, privateKey } = at.keys.tokenSigning;
  const claims = { agentId: agent.id, clientId: agent.clientId, audience: CALLS, epoch: 0, keyId: agent.keyId };
  const forged = await mintAccessToken(claims, { kid, privateKey, issuer: GATEWAY_URL, nowMs: Date.now() });
  assert.deepEqual(await allow(forged), [false, false]);
  const due = await tableSigner(at).at(new Date());
  const own = await mintAccessToken(claims, { ...due, issuer: GATEWAY_URL, nowMs: Date.now() });
  assert.deepEqual(await allow(own), [true, true], 'the same claims under the key in force are believed');
  assert.equal((await readSigningKeys(at.prisma, new Date())).length, 1);
});
