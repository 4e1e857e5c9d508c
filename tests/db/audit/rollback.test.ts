import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { checkWitness, fileWitness, LogRolledBackError } from '#lib/server/audit/head-witness.ts';
import { readCheckpoint } from '#lib/server/audit/read-head.ts';
import { readConsistencyProof } from '#lib/server/audit/read-proof.ts';
import { createPrisma } from '#lib/server/db/prisma.ts';
import { makeEvent, makeLogSigning, recordEvents, stepLog } from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const signing = makeLogSigning();
let directory: string;
const databases: TestDatabase[] = [];

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-witness-'));
});

after(async () => {
  rmSync(directory, { recursive: true, force: true });
  for (const database of databases) await database.drop();
});

/** A log with this many entries, as a restored backup would hold it. */
async function logOf(count: number, tool: string) {
  const database = await createTestDatabase();
  databases.push(database);
  const prisma = createPrisma(database.url, { max: 2 });
  const log = await stepLog(database.url);
  await recordEvents(
    prisma,
    Array.from({ length: count }, () => makeEvent({ tool })),
  );
  await log.drainAndPublish(signing);
  const root = await readCheckpoint(prisma);
  assert.ok(root);
  const missing = await readConsistencyProof(prisma, 12);
  await log.close();
  await prisma.$disconnect();
  return { url: database.url, head: { size: root.size, root: Buffer.from(root.root, 'hex') }, missing };
}

async function judge(url: string, path: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await checkWitness(client, fileWitness(path)).finally(() => client.end());
}

test('an old backup of the database is not sequenced over what this host has seen', async () => {
  const path = join(directory, 'rolled-back.json');
  const newer = await logOf(12, 'first');
  const restored = await logOf(7, 'first');
  fileWitness(path).save(newer.head);
  await judge(newer.url, path);
  await assert.rejects(judge(restored.url, path), LogRolledBackError);
  assert.ok(newer.missing.ok);
  assert.ok(!restored.missing.ok, 'a browser that remembers the newer head gets no consistency proof');
});

test('a rewritten log of the same length is not sequenced', async () => {
  const path = join(directory, 'rewritten.json');
  const original = await logOf(5, 'one');
  const rewritten = await logOf(6, 'other');
  fileWitness(path).save(original.head);
  await assert.rejects(judge(rewritten.url, path), /rewritten/);
});

test('a host without a memory accepts the log it finds', async () => {
  const log = await logOf(1, 'one');
  await judge(log.url, join(directory, 'never-written.json'));
});
