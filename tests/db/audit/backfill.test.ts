// Entries of an older release get the columns they are found by, and nothing else of the log is touched.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { makeEvent, makeLogSigning, recordEvents, stepLog } from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const MIGRATION = 'prisma/migrations/20261123093661_find_entries_by_kind/migration.sql';
let database: TestDatabase;
let prisma: Database;
before(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 2 });
  await recordEvents(prisma, [
    makeEvent({ policyVersion: 7, rule: 'default-high' }),
    makeEvent({ policyVersion: 12 }),
    makeEvent({ type: 'egress.denied', detail: { host: 'a"b\u0000.example', identity: 'agent:a' } }),
    makeEvent({ type: 'kill.on', detail: { scope: 'high-risk', host: 'no host of ours' } }),
    makeEvent({ session: '"policy":{"ver":99}', tool: '"policy":{"ver":98}' }),
  ]);
  const log = await stepLog(database.url);
  await log.drainAndPublish(makeLogSigning());
  await log.close();
});
after(async () => {
  await prisma?.$disconnect();
  await database?.drop();
});

const found = () =>
  prisma.auditEntry.findMany({
    select: { seq: true, entry: true, leaf: true, policyVersion: true, host: true },
    orderBy: { seq: 'asc' },
  });

test('the past is found by policy version and host as the present is', async () => {
  const written = await found();
  assert.deepEqual(
    written.map(({ policyVersion, host }) => [policyVersion, host]),
    [
      [7, null],
      [12, null],
      [1, 'a"b\uFFFD.example'],
      [1, null],
      [1, null],
    ],
  );
  const statements = readFileSync(MIGRATION, 'utf8')
    .replaceAll(/^--.*$/gm, '')
    .split(';');
  const turnOff = statements.findIndex((one) => one.includes('DISABLE TRIGGER'));
  await prisma.$executeRawUnsafe(statements[turnOff] ?? '');
  await prisma.$executeRaw`UPDATE audit_entries SET policy_version = NULL, host = NULL`;
  for (const statement of statements.slice(turnOff + 1, turnOff + 3)) await prisma.$executeRawUnsafe(statement);
  assert.deepEqual(await found(), written);
});

test('and from then on no row of the log can be changed, as before', async () => {
  const partition = await prisma.$queryRaw<{ name: string }[]>`
    SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass LIMIT 1`;
  for (const table of ['audit_entries', partition[0]?.name ?? '']) {
    await assert.rejects(prisma.$executeRawUnsafe(`UPDATE ${table} SET host = 'x'`), /append-only/, table);
    await assert.rejects(prisma.$executeRawUnsafe(`DELETE FROM ${table}`), /append-only/, table);
  }
});
