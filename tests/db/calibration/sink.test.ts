// A plant can never run. Here everything else is in place for it: votes, pins, the agent's rights, the right digest.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { consumeRequest } from '#lib/server/approvals/consume-request.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { open } from '#lib/server/keys/seal.ts';
import { agentWithToken, connectClient, startTestGateway, vote } from '#tests/fixtures/gateway.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { type Planted, plantNow, switchPlantingOn } from '#tests/fixtures/plants.ts';
import { loopbackEntry } from '#tests/fixtures/servers.ts';

let at: Installation;
let pool: pg.Pool;
let token: string;
before(async () => {
  at = await openInstallation();
  pool = new pg.Pool({ connectionString: at.url, max: 2 });
  await switchPlantingOn(at);
  // An admin who knows nothing of it lets the agent use the sink.
  token = (await agentWithToken(at, { name: 'bot', servers: ['build-tools'] }, '/mcp/build-tools')).token;
});
after(async () => {
  await pool?.end();
  await at?.close();
});

const consume = (plant: Planted) =>
  consumeRequest(pool, {
    requestId: plant.requestId,
    digest: plant.digest,
    knownEpoch: 0n,
    bootId: '00000000-0000-7000-8000-00000000000a',
    tier: 'high',
    terms: PLAIN_TERMS,
    policyVersion: 0,
    rows: [],
  });
const statusOf = async ({ requestId }: Planted) =>
  (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } })).status;

test('an approved plant is not consumed, whoever asks with whatever is right', async () => {
  const plant = await plantNow(at);
  await vote(at, plant.requestId, 'approve');
  assert.notEqual((await consume(plant)).kind, 'consumed');
  assert.equal(await statusOf(plant), 'approved');
});

test('it is the trigger that ends it there: without it the same would be consumed', async () => {
  const plant = await plantNow(at);
  await vote(at, plant.requestId, 'approve');
  await at.prisma.$executeRawUnsafe('ALTER TABLE approval_requests DISABLE TRIGGER plant_ends_here');
  try {
    assert.equal((await consume(plant)).kind, 'consumed');
  } finally {
    await at.prisma.$executeRawUnsafe('ALTER TABLE approval_requests ENABLE TRIGGER plant_ends_here');
  }
});

test('an agent that makes the very call of a plant, to a sink that was given an upstream, reaches nobody', async () => {
  let connections = 0;
  const listener = createServer((_request, response) => response.end('{}'));
  listener.on('connection', () => connections++);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  assert.ok(typeof address === 'object' && address !== null);
  const { port } = address;
  const plant = await plantNow(at);
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: plant.requestId } });
  const url = `http://127.0.0.1:${port}/mcp`;
  await addEgressEntry(at, at.admin, loopbackEntry(port));
  // Nobody can do this through a use-case: an external server has no URL.
  await at.prisma.$executeRaw`UPDATE servers SET transport = 'http', url = ${url} WHERE name = 'build-tools'`;
  const gateway = await startTestGateway(at);
  const client = await connectClient(gateway, '/mcp/build-tools', token);
  const args = JSON.parse(open(at.keys.masterKey, row.argsSealed, row.id).toString('utf8'));
  const calling = client.callTool({ name: row.toolName, arguments: args });
  await vote(at, plant.requestId, 'approve');
  const answer = await calling;
  assert.equal(answer.isError, true, JSON.stringify(answer));
  assert.equal(await statusOf(plant), 'approved');
  assert.equal(connections, 0);
  await client.close();
  await gateway.close();
  listener.close();
});
