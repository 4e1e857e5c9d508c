import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { commitmentOf } from '#lib/core/calibration/commitment.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { listRequests } from '#lib/server/approvals/list-requests.ts';
import { openRequest } from '#lib/server/approvals/open-request.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { changeCalibration } from '#lib/server/calibration/calibration-settings.ts';
import { judgePlants } from '#lib/server/calibration/judge-plants.ts';
import { openPlants } from '#lib/server/calibration/open-plants.ts';
import { planPlants, plantSoon } from '#lib/server/calibration/plan-plants.ts';
import { readCalibration } from '#lib/server/calibration/read-calibration.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { loadSnapshot } from '#lib/server/snapshot/load-snapshot.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { PLAIN_TERMS } from '#tests/fixtures/hold-terms.ts';
import { type Installation, openInstallation, recordedEvents, withRoles } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { plantNow, switchPlantingOn } from '#tests/fixtures/plants.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
  await makeAgent(at, { name: 'release-bot', pendingCap: 1 });
});
after(() => at?.close());
beforeEach(async () => {
  await switchPlantingOn(at);
  await at.prisma.auditInbox.deleteMany();
});

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');
const open = () => openPlants({ databaseUrl: at.url, prisma: at.prisma, keys: at.keys });
const judge = () => judgePlants(at.prisma, at.keys);
const decide = async (plant: { requestId: string; digest: string }, decision: 'approve' | 'deny') => {
  const cast = await castVote(at, ben, { ...plant, decision });
  assert.ok(cast.ok, cast.ok ? '' : cast.error.code);
};

test('a plant is a held call like any other: agent, rule, tier, arguments, notification, and no word of what it is', async () => {
  const plant = await plantNow(at);
  const detail = await readRequest(at.prisma, at.keys, ben, plant.requestId);
  assert.equal(detail?.agent, 'release-bot');
  assert.equal(detail?.server, 'build-tools');
  assert.equal(detail?.tier, 'high');
  assert.deepEqual(detail?.mayVote, { allowed: true });
  const list = await listRequests(at, ben, { status: 'pending', limit: 50 });
  assert.ok(list.ok && list.value.items.some(({ id }) => id === plant.requestId));
  const pattern = (await at.prisma.calibrationPlant.findUniqueOrThrow({ where: { id: plant.plantId } })).pattern;
  const told = JSON.stringify([detail, list.value, await readCalibration(at.prisma)]);
  assert.ok(!told.includes(pattern) && !told.includes(plant.plantId), 'an answer names the plant');
  await decide(plant, 'deny');
  await judge();
});

test('the id of a plant’s call says the moment of its request, as a call’s does, however long the plant waited', async () => {
  assert.ok((await plantSoon(at, at.admin, 0)).ok);
  await at.prisma.$executeRaw`
    UPDATE calibration_plants SET due_at = due_at - interval '3 hours' WHERE judged_at IS NULL`;
  const planned = await at.prisma.calibrationPlant.findFirstOrThrow({ where: { judgedAt: null } });
  const from = Date.now();
  assert.equal(await open(), 1);
  const { callId } = await at.prisma.calibrationPlant.findUniqueOrThrow({ where: { id: planned.id } });
  const request = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { callId } });
  const made = Number.parseInt(callId.replace('-', '').slice(0, 12), 16);
  assert.ok(made >= from, `${from - made} ms before anybody opened it`);
  assert.notEqual(callId, planned.callId);
  assert.equal(callId.slice(14), planned.callId.slice(14), 'and is the one that the log committed to');
  await decide({ requestId: request.id, digest: request.digest }, 'deny');
  assert.equal(await judge(), 1);
});

test('the schedule asks in the name of an agent that may use the sink and was just heard of, and waits for one', async () => {
  const { id: serverId } = await at.prisma.server.findUniqueOrThrow({ where: { name: 'build-tools' } });
  await makeAgent(at, { name: 'asleep' });
  const { id: agentId } = await makeAgent(at, { name: 'at-work', servers: ['build-tools'] });
  const seen = (name: string, ago: string) =>
    at.prisma.$executeRaw`UPDATE agents SET last_seen_at = clock_timestamp() - ${ago}::interval WHERE name = ${name}`;
  await seen('asleep', '10 seconds');
  await seen('at-work', '2 hours');
  assert.ok((await plantSoon(at, at.admin, 0)).ok);
  await at.prisma.$executeRaw`UPDATE calibration_plants SET planted_by = 'schedule' WHERE judged_at IS NULL`;
  assert.equal(await open(), 0, 'nobody would believe that it is at work');
  await seen('at-work', '5 seconds');
  assert.equal(await open(), 1);
  const request = await at.prisma.approvalRequest.findFirstOrThrow({ where: { serverId, status: 'pending' } });
  assert.equal(request.agentId, agentId);
  await decide({ requestId: request.id, digest: request.digest }, 'deny');
  assert.equal(await judge(), 1);
  await at.prisma.agent.updateMany({ where: { name: { not: 'release-bot' } }, data: { status: 'revoked' } });
});

test('the log commits to a plant before it comes and opens it only once it is judged', async () => {
  const plant = await plantNow(at);
  const before = await recordedEvents(at.prisma);
  const planted = before.find(({ type }) => type === 'calibration.planted')?.text ?? '';
  const commitment = /"commitment":"([0-9a-f]{64})"/.exec(planted)?.[1];
  assert.ok(commitment !== undefined && !planted.includes(plant.callId) && !planted.includes(plant.requestId));
  assert.equal(
    before.some(({ type }) => type === 'calibration.judged'),
    false,
  );
  assert.equal(await judge(), 0, 'nothing to judge while people may still decide');
  await decide(plant, 'deny');
  assert.equal(await judge(), 1);
  const judged = (await recordedEvents(at.prisma)).find(({ type }) => type === 'calibration.judged')?.text ?? '';
  const opening = JSON.parse(judged).detail;
  assert.equal(opening.call, plant.callId);
  assert.equal(opening.outcome, 'caught');
  assert.equal(
    commitmentOf(
      { plant: opening.plant, callId: opening.call, pattern: opening.pattern, nonce: opening.nonce },
      sha256Hex,
    ),
    commitment,
  );
  assert.equal(await judge(), 0, 'judged once');
});

test('an approved plant is missed by whoever approved it, and its approval is revoked', async () => {
  const plant = await plantNow(at);
  await decide(plant, 'approve');
  assert.equal(await judge(), 1);
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: plant.requestId } });
  assert.equal(row.status, 'revoked');
  const results = await at.prisma.calibrationResult.findMany({ where: { plantId: plant.plantId } });
  assert.deepEqual(
    results.map(({ personId, caught, seenAt }) => ({ personId, caught, seenAt })),
    [{ personId: ben.id, caught: false, seenAt: null }],
  );
});

test('inside the undo window an approval is not judged yet, and a veto of it is a catch', async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 60 } });
  const plant = await plantNow(at);
  await decide(plant, 'approve');
  assert.equal(await judge(), 0);
  const cast = await castVote(at, cleo, { ...plant, decision: 'deny' }, 'veto');
  assert.ok(cast.ok, cast.ok ? '' : cast.error.code);
  await at.prisma.settings.update({ where: { id: 1 }, data: { undoHighS: 0 } });
  assert.equal(await judge(), 1);
  const results = await at.prisma.calibrationResult.findMany({ where: { plantId: plant.plantId } });
  assert.deepEqual(
    new Map(results.map((one) => [one.personId, one.caught])),
    new Map([
      [ben.id, false],
      [cleo.id, true],
    ]),
  );
});

test('a plant that nobody decides expires like any other, and counts for nobody', async () => {
  const plant = await plantNow(at);
  await at.prisma
    .$executeRaw`UPDATE approval_requests SET expires_at = clock_timestamp() - interval '1 second' WHERE id = ${plant.requestId}::uuid`;
  assert.equal(await judge(), 1);
  const row = await at.prisma.calibrationPlant.findUniqueOrThrow({ where: { id: plant.plantId } });
  assert.equal(row.outcome, 'expired');
  assert.equal(await at.prisma.calibrationResult.count({ where: { plantId: plant.plantId } }), 0);
});

test('a plant takes no place under the cap of the agent in whose name it asks', async () => {
  const plant = await plantNow(at);
  const args = { value: {}, canonical: '{}', hash: sha256Hex('{}') };
  const pool = new pg.Pool({ connectionString: at.url, max: 1 });
  const snapshot = await loadSnapshot(pool);
  const [listed] = snapshot.agents.values();
  const server = snapshot.servers.get('build-tools');
  const tool = server?.tools.get('run_command');
  assert.ok(listed?.pendingCap === 1 && server && tool);
  const target = { server, tool, tier: tool.tier, actionClass: tool.actionClass };
  const opened = await openRequest(pool, at.keys, {
    callId: randomUUID(),
    principal: { kind: 'agent', audience: '/mcp', ...listed },
    target,
    args,
    session: null,
    onBehalfOf: null,
    via: 'mcp',
    rule: 'default-high',
    policyVersion: 0,
    terms: PLAIN_TERMS,
    matched: [],
    tainted: false,
    reason: null,
    onlyRequestId: null,
  });
  await pool.end();
  assert.equal(opened.kind, 'opened', 'its one place is free for a real call');
  await decide(plant, 'deny');
  assert.equal(await judge(), 1);
});

test('a kill voids an open plant; one that is due waits until it is lifted', async () => {
  const plant = await plantNow(at);
  const killed = await kill(at, at.admin, { scope: 'server:build-tools', reason: 'trying it' });
  assert.ok(killed.ok);
  assert.equal(await judge(), 1);
  const voided = await at.prisma.calibrationPlant.findUniqueOrThrow({ where: { id: plant.plantId } });
  assert.equal(voided.outcome, 'void');
  assert.ok((await plantSoon(at, at.admin, 0)).ok);
  assert.equal(await open(), 0);
  const waiting = await at.prisma.calibrationPlant.findFirstOrThrow({ where: { judgedAt: null } });
  assert.equal(waiting.openedAt, null);
  await at.prisma.$executeRaw`UPDATE kill_state SET "on" = false WHERE scope = 'server:build-tools'`;
  assert.equal(await open(), 1);
  const { callId } = await at.prisma.calibrationPlant.findUniqueOrThrow({ where: { id: waiting.id } });
  await at.prisma
    .$executeRaw`UPDATE approval_requests SET expires_at = clock_timestamp() WHERE call_id = ${callId}::uuid`;
  await judge();
});

test('a worker that dies while it opens a plant leaves nothing behind that anybody could take for real', async () => {
  assert.ok((await plantSoon(at, at.admin, 0)).ok);
  await at.prisma
    .$executeRaw`UPDATE calibration_plants SET opened_at = clock_timestamp() - interval '3 minutes' WHERE judged_at IS NULL`;
  assert.equal(await open(), 0, 'whoever took it has it');
  assert.equal(await judge(), 1);
  const lost = await at.prisma.calibrationPlant.findFirstOrThrow({ orderBy: { id: 'desc' } });
  assert.equal(lost.outcome, 'void');
});

test('the schedule plans a day at once, whoever runs, and none while it is off', async () => {
  await changeCalibration(at, at.admin, { perWeek: 20 });
  await at.prisma.$executeRaw`UPDATE calibration_settings SET planned_until = NULL`;
  const planned = await Promise.all([planPlants(at.prisma, at.keys), planPlants(at.prisma, at.keys)]);
  assert.equal(Math.min(...planned), 0);
  const count = await at.prisma.calibrationPlant.count({ where: { judgedAt: null } });
  assert.equal(count, Math.max(...planned));
  assert.ok(count >= 2 && count <= 3, `${count} of 20 a week in a day`);
  assert.ok((await changeCalibration(at, at.admin, { enabled: false })).ok);
  assert.equal(await planPlants(at.prisma, at.keys), 0);
  assert.equal(await judge(), count, 'what was planned is given up');
  const refused = await plantSoon(at, at.admin, 0);
  assert.equal(!refused.ok && refused.error.code, 'conflict');
});

test('security and admins steer it, a reviewer does not, and the log does not name the sink', async () => {
  for (const role of ['admin', 'security'] as const) {
    assert.ok(
      (await changeCalibration(at, withRoles(at.admin, [role]), { perWeek: role === 'admin' ? 3 : 4 })).ok,
      role,
    );
  }
  const refused = await changeCalibration(at, ben, { enabled: false });
  assert.equal(!refused.ok && refused.error.code, 'not-allowed');
  assert.equal(!(await plantSoon(at, ben, 0)).ok, true);
  const changes = (await recordedEvents(at.prisma)).filter(({ type }) => type === 'calibration.changed');
  assert.equal(changes.length, 2);
  assert.ok(changes.every(({ text }) => !text.includes('build-tools')));
});

test('the mark of a plant cannot be taken off, not even in the database', async () => {
  const plant = await plantNow(at);
  const change = (sql: string) => at.prisma.$executeRawUnsafe(sql, plant.plantId);
  await assert.rejects(change('DELETE FROM calibration_plants WHERE id = $1::uuid'), /stays marked/);
  await assert.rejects(
    change('UPDATE calibration_plants SET call_id = gen_random_uuid() WHERE id = $1::uuid'),
    /stays marked/,
  );
  await decide(plant, 'deny');
  await judge();
  await assert.rejects(change("UPDATE calibration_plants SET outcome = 'missed' WHERE id = $1::uuid"), /stays marked/);
});
