import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, test } from 'node:test';
import pg from 'pg';
import { expireRequests } from '#lib/server/approvals/expire-requests.ts';
import { reconcileRequests } from '#lib/server/approvals/reconcile-requests.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { cleanUp } from '#lib/server/worker/clean-up.ts';
import { auditKeys } from '#tests/fixtures/audit-log.ts';
import { recordedEvents } from '#tests/fixtures/installation.ts';
import { inSeconds, plantRequest } from '#tests/fixtures/requests.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

let database: TestDatabase;
let prisma: Database;

beforeEach(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 4 });
});
afterEach(async () => {
  await prisma.$disconnect();
  await database.drop();
});

const statusOf = async (id: string) => (await prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
const eventTypes = async () => (await recordedEvents(prisma)).map((event) => event.type);

test('a request that nobody decided in time is expired and recorded as denied', async () => {
  const id = await plantRequest(prisma, { expiresAt: inSeconds(-300) });
  const early = await plantRequest(prisma);
  assert.equal(await expireRequests(prisma, auditKeys), 1);
  assert.equal(await statusOf(id), 'expired');
  assert.equal(await statusOf(early), 'pending');
  const [event] = await recordedEvents(prisma);
  assert.equal(event?.type, 'request.expired');
  assert.match(event?.text ?? '', /"decision":"deny"/);
  assert.equal(await expireRequests(prisma, auditKeys), 0, 'expired is final');
});

test('an approval that nobody used in time lapses', async () => {
  const decided = { status: 'approved', decidedAt: inSeconds(-1200) } as const;
  const lapsed = await plantRequest(prisma, { ...decided, approvedUntil: inSeconds(-300) });
  const usable = await plantRequest(prisma, { ...decided, approvedUntil: inSeconds(300), expiresAt: inSeconds(-600) });
  assert.equal(await expireRequests(prisma, auditKeys), 1);
  assert.equal(await statusOf(lapsed), 'expired_unused');
  assert.equal(await statusOf(usable), 'approved');
  assert.deepEqual(await eventTypes(), ['request.expired-unused']);
});

test('a request that a vote holds at this moment is left to the vote', async () => {
  const id = await plantRequest(prisma, { expiresAt: inSeconds(-300) });
  const voter = new pg.Client({ connectionString: database.url });
  await voter.connect();
  await voter.query('BEGIN');
  await voter.query('SELECT FROM approval_requests WHERE id = $1 FOR UPDATE', [id]);
  assert.equal(await expireRequests(prisma, auditKeys), 0);
  await voter.query('ROLLBACK');
  await voter.end();
  assert.equal(await expireRequests(prisma, auditKeys), 1);
});

test('several workers expire many requests once each', async () => {
  for (let n = 0; n < 230; n++) await plantRequest(prisma, { expiresAt: inSeconds(-300) });
  const counts = await Promise.all([0, 1, 2].map(() => expireRequests(prisma, auditKeys)));
  const rest = await expireRequests(prisma, auditKeys);
  assert.equal(
    counts.reduce((sum, count) => sum + count, rest),
    230,
  );
  assert.equal((await eventTypes()).length, 230);
});

test('an expiry that cannot be recorded does not happen', async () => {
  const id = await plantRequest(prisma, { expiresAt: inSeconds(-300) });
  await prisma.$executeRaw`ALTER TABLE audit_inbox RENAME TO audit_inbox_gone`;
  await assert.rejects(expireRequests(prisma, auditKeys), /audit_inbox/);
  assert.equal(await statusOf(id), 'pending');
});

test('a call that its killed gateway had begun reads unknown-outcome, and a living gateway keeps its own', async () => {
  const begun = { status: 'consumed', consumedAt: inSeconds(-60) } as const;
  const [alive, silent, stopped] = [randomUUID(), randomUUID(), randomUUID()];
  const gateway = { kind: 'gateway', lastSeenAt: inSeconds(0) };
  await prisma.processInstance.createMany({
    data: [
      { ...gateway, id: alive },
      { ...gateway, id: silent, lastSeenAt: inSeconds(-60) },
      { ...gateway, id: stopped, stoppedAt: inSeconds(-1) },
    ],
  });
  const running = await plantRequest(prisma, { ...begun, consumedBy: alive });
  const orphans = [
    await plantRequest(prisma, { ...begun, consumedBy: silent }),
    await plantRequest(prisma, { ...begun, consumedBy: stopped }),
    await plantRequest(prisma, { ...begun, consumedBy: randomUUID() }),
  ];
  const reporting = await plantRequest(prisma, { ...begun, via: 'decision-api', consumedBy: silent });
  assert.equal(await reconcileRequests(prisma, auditKeys), 3);
  for (const id of orphans) assert.equal(await statusOf(id), 'unknown_outcome');
  assert.equal(await statusOf(running), 'consumed');
  assert.equal(await statusOf(reporting), 'consumed', 'the agent itself runs this one and has ten minutes to report');
  assert.deepEqual(await eventTypes(), Array(3).fill('request.unknown-outcome'));
});

test('sums and measurements that no figure looks at any more are deleted, the newest hour never', async () => {
  const person = await prisma.person.create({ data: { id: randomUUID(), email: 'a@example.com', name: 'a' } });
  const [old, open, lately] = [
    await plantRequest(prisma, { status: 'denied', decidedAt: inSeconds(-1) }),
    await plantRequest(prisma),
    await plantRequest(prisma, { status: 'denied', decidedAt: inSeconds(-1) }),
  ];
  const day = 86_400;
  for (const [requestId, days] of [
    [old, 91],
    [open, 91],
    [lately, 89],
  ] as const) {
    await prisma.requestView.create({ data: { requestId, personId: person.id, firstAt: inSeconds(-days * day) } });
  }
  const hour = async (days: number) => {
    const at = inSeconds(-days * day);
    at.setUTCMinutes(0, 0, 0);
    await prisma.overviewHour.create({ data: { hour: at, tier: 'low', kind: 'ran', n: 1 } });
    return at.toISOString();
  };
  const hours = async () => (await prisma.overviewHour.findMany()).map((row) => row.hour.toISOString());
  const newest = await hour(200);
  await hour(300);
  await cleanUp(prisma);
  assert.deepEqual(await hours(), [newest], 'there was a call once');
  const kept = await hour(89);
  await cleanUp(prisma);
  assert.deepEqual(await hours(), [kept]);
  const views = (await prisma.requestView.findMany()).map((view) => view.requestId).sort();
  assert.deepEqual(views, [open, lately].sort());
});
