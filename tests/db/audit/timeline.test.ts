import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type AuditQuery, auditPageSchema, auditQuerySchema } from '#lib/contracts/audit.ts';
import { AUDIT_EVENT_TYPES } from '#lib/core/audit/event-types.ts';
import { readStory } from '#lib/server/audit/read-story.ts';
import { readTimeline } from '#lib/server/audit/read-timeline.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { makeEvent, makeLogSigning, recordEvents, stepLog } from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const callId = randomUUID();
const otherCallId = randomUUID();
const requestId = randomUUID();
let database: TestDatabase;
let prisma: Database;

before(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 4 });
  await recordEvents(prisma, [
    ...AUDIT_EVENT_TYPES.map((type) => makeEvent({ type, session: 'all-types' })),
    makeEvent({ type: 'request.opened', callId, requestId, tool: 'delete_repo', session: 'story' }),
    makeEvent({ type: 'request.attached', callId: otherCallId, requestId, session: 'story' }),
    makeEvent({
      type: 'request.approved',
      callId,
      requestId,
      session: 'story',
      actor: { type: 'person', id: randomUUID(), name: 'Ana\u202E<b>' },
      quorum: { needed: 2, approved: 2, voters: ['a', 'b'] },
    }),
    makeEvent({ type: 'call.outcome', callId, session: 'story', result: { status: 'succeeded', latencyMs: 12 } }),
    makeEvent({
      type: 'egress.denied',
      session: 'story-of-a-host',
      detail: { host: 'evil.example', identity: 'agent:a' },
    }),
    ...Array.from({ length: 45 }, (_, n) =>
      makeEvent({ server: 'tickets', tier: 'low', tool: `t${n}`, session: 'low', policyVersion: 7 }),
    ),
  ]);
  const log = await stepLog(database.url);
  await log.drainAndPublish(makeLogSigning());
  await log.close();
  await recordEvents(prisma, [makeEvent({ session: 'waiting' })]);
});

after(async () => {
  await prisma.$disconnect();
  await database.drop();
});

async function page(query: Partial<AuditQuery>) {
  const read = await readTimeline(prisma, auditQuerySchema.parse(query));
  assert.ok(read.ok);
  return auditPageSchema.parse(read.value);
}

test('the timeline starts with the newest entry and says how many still wait', async () => {
  const first = await page({ limit: 10 });
  const size = AUDIT_EVENT_TYPES.length + 5 + 45;
  assert.deepEqual(
    first.items.map((item) => Number(item.seq)),
    Array.from({ length: 10 }, (_, n) => size - 1 - n),
  );
  assert.equal(first.head.size, String(size));
  assert.equal(first.head.waiting, 1);
});

test('pages follow one another without a gap or a double, and the last says so', async () => {
  const seen: string[] = [];
  let cursor: string | null | undefined;
  do {
    const next: Awaited<ReturnType<typeof page>> = await page({
      server: 'tickets',
      limit: 20,
      ...(cursor && { cursor }),
    });
    seen.push(...next.items.map((item) => item.tool ?? ''));
    cursor = next.nextCursor;
  } while (cursor !== null);
  assert.deepEqual(
    seen,
    Array.from({ length: 45 }, (_, n) => `t${44 - n}`),
  );
});

test('every filter narrows to what it names', async () => {
  const filters: [Partial<AuditQuery>, number][] = [
    [{ tool: 'delete_repo' }, 1],
    [{ call: callId }, 3],
    [{ request: requestId }, 3],
    [{ session: 'openclaw-prod/story' }, 4],
    [{ tier: 'low' }, 45],
    [{ type: 'kill.' }, 3],
    [{ type: 'kill.on' }, 1],
    [{ type: 'kill.on,kill.off' }, 2],
    [{ type: 'kill.on,break-glass.' }, 6],
    [{ type: 'of-a-newer-release,kill.on' }, 1],
    [{ type: 'of-a-newer-release' }, 0],
    [{ type: "kill.on') OR ('' = '" }, 0],
    [{ policy: '7' }, 45],
    [{ policy: '8' }, 0],
    [{ host: 'evil.example' }, 1],
    [{ host: 'evil' }, 0],
    [{ actor: 'Ana\u202E<b>' }, 1],
    [{ agent: 'nobody' }, 0],
    [{ decision: 'deny' }, 0],
    [{ since: new Date(Date.now() + 3_600_000).toISOString() }, 0],
    [{ until: new Date(Date.now() - 3_600_000).toISOString() }, 0],
    [
      {
        session: 'openclaw-prod/story',
        since: new Date(Date.now() - 3_600_000).toISOString(),
        until: new Date(Date.now() + 60_000).toISOString(),
      },
      4,
    ],
  ];
  for (const [filter, count] of filters) {
    assert.equal((await page({ ...filter, limit: 100 })).items.length, count, JSON.stringify(filter));
  }
});

test('a cursor or id that is none is refused, not guessed at', async () => {
  for (const query of [
    { cursor: '1;drop' },
    { cursor: '-1' },
    { after: 'x' },
    { after: '-1' },
    { call: 'x' },
    { request: '%' },
  ]) {
    const read = await readTimeline(prisma, auditQuerySchema.parse(query));
    assert.ok(!read.ok && read.error.code === 'invalid-request', JSON.stringify(query));
  }
});

test('every kind of entry has a sentence with nothing left open that it needs', async () => {
  const first = await page({ session: 'openclaw-prod/all-types', limit: 100 });
  const rest = await page({ session: 'openclaw-prod/all-types', limit: 100, cursor: first.nextCursor ?? '' });
  const items = [...first.items, ...rest.items];
  assert.equal(items.length, AUDIT_EVENT_TYPES.length);
  for (const item of items) assert.match(item.sentence, /^[A-Za-z].{5,}/, item.type);
});

test("a call's story holds its request and every call that joined it, in order", async () => {
  const story = await readStory(prisma, { kind: 'call', callId });
  assert.deepEqual(
    story.map((row) => row.type),
    ['request.opened', 'request.attached', 'request.approved', 'call.outcome'],
  );
  assert.equal(story[2]?.sentence, 'Ana\u202E<b> approved filesystem / write_file of openclaw-prod (2 of 2)');
  assert.equal(story[3]?.sentence, 'filesystem / write_file of openclaw-prod ended: succeeded after 12 ms');
  assert.equal((await readStory(prisma, { kind: 'request', requestId })).length, 3);
  assert.equal((await readStory(prisma, { kind: 'session', sessionId: 'openclaw-prod/story' })).length, 4);
});

test('the entries after a number are the nearest ones, newest first, and the page says where to go on', async () => {
  const first = await page({ server: 'tickets', after: '0', limit: 3 });
  assert.deepEqual(
    first.items.map((item) => item.tool),
    ['t2', 't1', 't0'],
  );
  const next = await page({ server: 'tickets', after: first.nextCursor ?? '', limit: 2 });
  assert.deepEqual(
    next.items.map((item) => item.tool),
    ['t4', 't3'],
  );
  assert.equal((await page({ server: 'tickets', after: next.items[0]?.seq ?? '', limit: 100 })).nextCursor, null);
});

test('a turn of the switch is found by an index, however many calls lie between', async () => {
  const plans: string[] = [];
  for (const where of [`type IN ('kill.on', 'kill.off')`, `policy_version = 7`, `host = 'evil.example'`]) {
    const rows = await prisma.$transaction(async (tx) => {
      await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
      return tx.$queryRawUnsafe<Record<string, string>[]>(
        `EXPLAIN SELECT seq FROM audit_entries WHERE ${where} AND seq < 1000000 ORDER BY seq DESC LIMIT 2`,
      );
    });
    plans.push(rows.map((row) => Object.values(row).join()).join('\n'));
  }
  assert.match(plans[0] ?? '', /type_seq_idx/);
  assert.match(plans[1] ?? '', /policy_version_seq_idx/);
  assert.match(plans[2] ?? '', /host_seq_idx/);
});
