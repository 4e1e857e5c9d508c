import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { killSwitchSchema } from '#lib/contracts/kill-switch.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let sam: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  sam = await addPerson(at, 'sam', ['security', 'reviewer']);
});
after(async () => {
  await held.close();
  await at.close();
});

const stop = { scope: 'high-risk', reason: 'drill' };
const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }) =>
  answer.ok ? 'done' : answer.error.code;
const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
const openOne = async (who: HumanPrincipal) => {
  const opened = await openRestore(at, who, { scope: 'high-risk', reason: 'over' });
  if (!opened.ok) throw new Error(opened.error.code);
  return opened.value.id;
};

test('a kill voids what waits and what was approved, with a record each, and they stay dead after the restore (T22)', async () => {
  const waiting = await held.hold();
  const approved = await held.hold();
  await castVote(at, sam, { requestId: approved.id, decision: 'approve', digest: approved.digest });
  const killed = await kill(at, sam, stop);
  assert.deepEqual(killed.ok && killed.value, { epoch: '1', voided: 2 });
  assert.deepEqual([await statusOf(waiting.id), await statusOf(approved.id)], ['killed', 'killed']);
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.equal(types.filter((type) => type === 'request.killed').length, 2);
  assert.equal(types.filter((type) => type === 'kill.on').length, 1);
  await assert.rejects(held.hold(), /killed/);

  const restore = await openOne(sam);
  assert.equal(codeOf(await confirmRestore(at, at.admin, restore)), 'done');
  assert.deepEqual([await statusOf(waiting.id), await statusOf(approved.id)], ['killed', 'killed']);
  const late = await castVote(at, sam, { requestId: waiting.id, decision: 'approve', digest: waiting.digest });
  assert.equal(codeOf(late), 'killed');
  await held.hold();
});

test('a kill of another scope leaves the rest alone', async () => {
  const request = await held.hold();
  assert.equal(codeOf(await kill(at, sam, { scope: 'tier:low', reason: 'drill' })), 'done');
  assert.equal(codeOf(await kill(at, sam, { scope: 'agent:runner', reason: 'drill' })), 'done');
  assert.equal(await statusOf(request.id), 'killed');
  for (const scope of ['tier:low', 'agent:runner']) {
    const opened = await openRestore(at, sam, { scope, reason: 'over' });
    assert.ok(opened.ok && (await confirmRestore(at, at.admin, opened.value.id)).ok);
  }
});

test('a scope that names nothing here is refused, because it would stop nothing', async () => {
  assert.equal(codeOf(await kill(at, sam, { scope: 'server:hots', reason: 'typo' })), 'not-found');
  assert.equal(codeOf(await kill(at, sam, { scope: 'HIGH-RISK', reason: 'typo' })), 'invalid-request');
});

test('reviewers neither kill nor restore', async () => {
  const rob = await addPerson(at, 'rob', ['reviewer']);
  assert.equal(codeOf(await kill(at, rob, stop)), 'not-allowed');
  assert.equal(codeOf(await openRestore(at, rob, stop)), 'not-allowed');
  assert.equal(codeOf(await confirmRestore(at, rob, '01900000-0000-7000-8000-000000000000')), 'not-allowed');
});

test('who opened a restore cannot complete it, and a newer kill makes it stale (T23)', async () => {
  await kill(at, sam, stop);
  const restore = await openOne(sam);
  assert.equal(await openOne(at.admin), restore, 'one kill has one open restore');
  assert.equal(codeOf(await confirmRestore(at, sam, restore)), 'second-person-needed');
  await kill(at, sam, stop);
  assert.equal(codeOf(await confirmRestore(at, at.admin, restore)), 'conflict');
  const fresh = await openOne(at.admin);
  assert.notEqual(fresh, restore);
  const both = await Promise.all([confirmRestore(at, sam, fresh), confirmRestore(at, sam, fresh)]);
  assert.deepEqual(both.map(codeOf).sort(), ['conflict', 'done']);
  assert.equal(codeOf(await openRestore(at, sam, stop)), 'conflict', 'nothing is stopped any more');
});

test('a restore runs out after half an hour', async () => {
  await kill(at, sam, stop);
  const restore = await openOne(sam);
  await at.prisma.$executeRaw`UPDATE kill_restores SET expires_at = clock_timestamp() WHERE id = ${restore}::uuid`;
  assert.equal(codeOf(await confirmRestore(at, at.admin, restore)), 'conflict');
  assert.ok((await confirmRestore(at, at.admin, await openOne(sam))).ok);
});

test('a restore whose opener has lost the role since is worth nothing', async () => {
  const tim = await addPerson(at, 'tim', ['security']);
  await kill(at, sam, stop);
  const restore = await openOne(tim);
  assert.ok((await changePerson(at, at.admin, tim.id, { roles: ['reviewer'] })).ok);
  assert.equal(codeOf(await confirmRestore(at, sam, restore)), 'conflict');
  await kill(at, sam, stop);
  assert.ok((await confirmRestore(at, at.admin, await openOne(sam))).ok);
});

test('the operator at the host is one person: they kill alone and need somebody else to restore', async () => {
  const operator = { kind: 'operator', name: 'root' } as const;
  assert.equal(codeOf(await kill(at, operator, stop)), 'done');
  const opened = await openRestore(at, operator, { scope: 'high-risk', reason: 'over' });
  assert.ok(opened.ok);
  assert.equal(codeOf(await confirmRestore(at, operator, opened.value.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmRestore(at, sam, opened.value.id)), 'done');
});

test('the switch shows its scopes, its open restores, and how far each living gateway has followed', async () => {
  const [quick, slow, gone] = [
    '01900000-0000-7000-8000-00000000000a',
    '01900000-0000-7000-8000-00000000000b',
    '01900000-0000-7000-8000-00000000000c',
  ];
  await at.prisma.processInstance.createMany({
    data: [quick, slow, gone].map((id = '') => ({ id, kind: 'gateway', lastSeenAt: new Date() })),
  });
  await at.prisma
    .$executeRaw`UPDATE process_instances SET last_seen_at = now() - interval '1 minute' WHERE id = ${gone}::uuid`;
  const killed = await kill(at, sam, stop);
  assert.ok(killed.ok);
  await at.prisma.$executeRaw`
    UPDATE process_instances SET kill_epoch_ack = ${BigInt(killed.value.epoch)}, kill_ack_at = clock_timestamp(),
      hard_stopped_at = clock_timestamp() WHERE id = ${quick}::uuid`;
  await openOne(sam);
  const shown = killSwitchSchema.parse(await readKillSwitch(at.prisma, sam));
  assert.equal(shown.epoch, killed.value.epoch);
  assert.deepEqual(
    shown.scopes.filter((scope) => scope.on).map((scope) => scope.scope),
    ['high-risk'],
  );
  assert.deepEqual(
    shown.restores.map((restore) => [restore.openedByMe, restore.confirmableAt]),
    [[true, null]],
  );
  assert.deepEqual(
    shown.gateways.map((gateway) => [gateway.id, gateway.acknowledged]),
    [
      [quick, true],
      [slow, false],
    ],
  );
  const first = shown.gateways[0];
  assert.ok(first?.ackMs !== null && (first?.ackMs ?? -1) >= 0 && (first?.hardStoppedMs ?? -1) >= 0);
});
