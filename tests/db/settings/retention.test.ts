import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { open, seal } from '#lib/server/keys/seal.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { approveRetention, withdrawRetention } from '#lib/server/retention/decide-retention.ts';
import { eraseDue } from '#lib/server/retention/erase-due.ts';
import { proposeRetention } from '#lib/server/retention/propose-retention.ts';
import { previewRetention, readRetention } from '#lib/server/retention/read-retention.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { plantRequest } from '#tests/fixtures/requests.ts';

let at: Installation;
let dora: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  dora = await addPerson(at, 'dora', ['admin', 'reviewer']);
  cleo = await addPerson(at, 'cleo', ['security']);
});
after(() => at.close());
beforeEach(async () => {
  await at.prisma.retentionChange.deleteMany();
  await at.prisma.approvalRequest.deleteMany();
  await unguarded((run) => run('DELETE FROM audit_payloads'));
  await at.prisma.auditInbox.deleteMany();
});

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);
const codeOf = (answer: { ok: true } | { ok: false; error: { code: string } }) =>
  answer.ok ? 'done' : answer.error.code;

/** What somebody does who owns the tables and switches the trigger off. */
async function unguarded(work: (run: (sql: string) => Promise<number>) => Promise<unknown>): Promise<void> {
  await at.prisma.$executeRaw`ALTER TABLE audit_payloads DISABLE TRIGGER audit_payloads_by_rule`;
  try {
    await work((sql) => at.prisma.$executeRawUnsafe(sql));
  } finally {
    await at.prisma.$executeRaw`ALTER TABLE audit_payloads ENABLE TRIGGER audit_payloads_by_rule`;
  }
}

async function plantPayload(createdAt: Date): Promise<string> {
  const eventId = randomUUID();
  const bytes = { salt: new Uint8Array(32), payload: new Uint8Array(100) };
  await at.prisma.auditPayload.create({ data: { eventId, createdAt, ...bytes } });
  return eventId;
}

async function propose(payloadDays: number | null, by = at.admin): Promise<string> {
  const made = await proposeRetention(at, by, { payloadDays, reason: 'as the works council asks' });
  assert.ok(made.ok, JSON.stringify(made));
  return made.value.id;
}

/** Agreed on by Ana and Dora, a day ago. */
async function inForce(payloadDays: number): Promise<void> {
  const id = await propose(payloadDays);
  assert.equal(codeOf(await approveRetention(at, dora, id)), 'done');
  await at.prisma.retentionChange.update({ where: { id }, data: { effectiveAt: daysAgo(1) } });
}

test('a retention needs a second person, and one that erases takes effect a day later', async () => {
  const id = await propose(90);
  assert.equal(codeOf(await approveRetention(at, at.admin, id)), 'second-person-needed');
  const proposed = await readRetention(at.prisma, at.admin);
  assert.deepEqual([proposed.payloadDays, proposed.open?.state, proposed.open?.aloneFrom], [null, 'proposed', null]);
  assert.equal(codeOf(await approveRetention(at, cleo, id)), 'done');
  const waiting = await readRetention(at.prisma, dora);
  assert.deepEqual([waiting.payloadDays, waiting.open?.state, waiting.open?.decidedBy], [null, 'waiting', 'cleo']);
  const left = Date.parse(waiting.open?.effectiveAt ?? '') - Date.now();
  assert.ok(left > DAY_MS - 60_000 && left <= DAY_MS);
  assert.equal(await eraseDue(at), 0);
  const types = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.deepEqual(types, ['retention.proposed', 'retention.approved']);
});

test('one person takes a retention back before its time, and nobody after', async () => {
  const id = await propose(90);
  assert.equal(codeOf(await approveRetention(at, dora, id)), 'done');
  assert.equal(codeOf(await withdrawRetention(at, cleo, id)), 'done');
  assert.equal(codeOf(await approveRetention(at, dora, id)), 'conflict');
  await inForce(60);
  const rule = await at.prisma.retentionChange.findFirstOrThrow({ where: { status: 'approved' } });
  assert.equal(codeOf(await withdrawRetention(at, cleo, rule.id)), 'conflict');
  assert.equal((await readRetention(at.prisma, cleo)).payloadDays, 60);
});

test('a longer retention is in force at once, because it erases nothing', async () => {
  await inForce(60);
  const id = await propose(365);
  assert.equal(codeOf(await approveRetention(at, dora, id)), 'done');
  assert.equal((await readRetention(at.prisma, dora)).payloadDays, 365);
});

test('only an admin proposes, one change waits at a time, and what is in force already is no change', async () => {
  assert.equal(codeOf(await proposeRetention(at, cleo, { payloadDays: 90, reason: 'less' })), 'not-allowed');
  assert.equal(codeOf(await proposeRetention(at, at.admin, { payloadDays: null, reason: 'same' })), 'conflict');
  const id = await propose(90);
  assert.equal(codeOf(await proposeRetention(at, dora, { payloadDays: 80, reason: 'less' })), 'conflict');
  assert.equal(codeOf(await approveRetention(at, dora, id)), 'done');
  assert.equal(codeOf(await proposeRetention(at, dora, { payloadDays: null, reason: 'all' })), 'conflict');
});

test('who is no admin any more is not one of the two', async () => {
  const id = await propose(90, dora);
  assert.ok((await changePerson(at, at.admin, dora.id, { roles: ['reviewer'] })).ok);
  assert.equal(codeOf(await approveRetention(at, at.admin, id)), 'conflict');
  assert.ok((await changePerson(at, at.admin, dora.id, { roles: ['admin', 'reviewer'] })).ok);
});

test('what is older than the rule goes with its salt, what is younger stays, and the log says how much', async () => {
  const [old, young] = [await plantPayload(daysAgo(91)), await plantPayload(daysAgo(89))];
  const preview = await previewRetention(at.prisma, 90);
  assert.deepEqual([preview.payloads, preview.bytes, preview.more], [1, 100, false]);
  await inForce(90);
  await at.prisma.auditInbox.deleteMany();
  assert.equal(await eraseDue(at), 1);
  assert.equal(await eraseDue(at), 0);
  const left = await at.prisma.auditPayload.findMany();
  assert.deepEqual(
    left.map((row) => row.eventId),
    [young],
  );
  assert.ok(!left.some((row) => row.eventId === old));
  const [event, ...more] = await recordedEvents(at.prisma);
  assert.equal(more.length, 0);
  assert.match(event?.text ?? '', /"payloads":1,"requests":0/);
});

test('arguments of finished requests go too, and say that they went; one that waits keeps them', async () => {
  const old = { requestedAt: daysAgo(91), agentReason: 'please', expiresAt: daysAgo(91), decidedAt: daysAgo(91) };
  const denied = await plantRequest(at.prisma, { ...old, status: 'denied' });
  const waiting = await plantRequest(at.prisma, { ...old, status: 'consumed', consumedAt: daysAgo(91) });
  const young = await plantRequest(at.prisma, { status: 'denied', agentReason: 'please', decidedAt: new Date() });
  for (const id of [denied, waiting, young]) {
    const argsSealed = Uint8Array.from(seal(at.keys.masterKey, '{"path":"/etc"}', id));
    await at.prisma.approvalRequest.update({ where: { id }, data: { argsSealed } });
  }
  await inForce(90);
  assert.equal(await eraseDue(at), 1);
  const argsOf = async (id: string) => {
    const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } });
    return [open(at.keys.masterKey, row.argsSealed, id).toString(), row.agentReason] as const;
  };
  const [text, reason] = await argsOf(denied);
  assert.match(text, /^\{"erased by the retention rule":"20/);
  assert.equal(reason, null);
  for (const id of [waiting, young]) assert.deepEqual(await argsOf(id), ['{"path":"/etc"}', 'please']);
});

test('the database itself refuses to lose what the rule keeps, whoever asks', async () => {
  const id = await plantPayload(daysAgo(91));
  const erase = () => at.prisma.auditPayload.deleteMany({ where: { eventId: id } });
  await assert.rejects(erase(), /retention rule alone/);
  await inForce(120);
  await assert.rejects(erase(), /retention rule alone/);
  const change = () => at.prisma.auditPayload.updateMany({ data: { payload: new Uint8Array(1) } });
  await assert.rejects(change(), /retention rule alone/);
  await assert.rejects(at.prisma.$executeRaw`TRUNCATE audit_payloads`, /append-only/);
  // Without the guard the same statement goes through.
  await unguarded(erase);
  assert.equal(await at.prisma.auditPayload.count(), 0);
});

test('a rule agreed on by its own author cannot be stored', async () => {
  const id = await propose(90);
  const alone = { status: 'approved', decidedBy: at.admin.id, decidedAt: new Date(), effectiveAt: new Date() };
  await assert.rejects(at.prisma.retentionChange.update({ where: { id }, data: alone }), /two_people/);
});

test('alone, one proves again who they are and waits a minute', async () => {
  const solo = await openInstallation();
  try {
    const made = await proposeRetention(solo, solo.admin, { payloadDays: 90, reason: 'less to lose' });
    assert.ok(made.ok);
    const { id } = made.value;
    assert.equal(codeOf(await approveRetention(solo, solo.admin, id)), 'too-early');
    const earlier = new Date(Date.now() - 61_000);
    await solo.prisma.retentionChange.update({ where: { id }, data: { proposedAt: earlier } });
    const stale = { ...solo.admin, reauthAt: new Date(earlier.getTime() - 1_000) };
    assert.equal(codeOf(await approveRetention(solo, stale, id)), 'step-up-required');
    assert.equal(codeOf(await approveRetention(solo, { ...solo.admin, reauthAt: new Date() }, id)), 'done');
    const text = (await recordedEvents(solo.prisma)).find((event) => event.type === 'retention.approved')?.text;
    assert.match(text ?? '', /"separation":"solo"/);
  } finally {
    await solo.close();
  }
});
