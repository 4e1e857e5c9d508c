import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { verifyExport } from '#lib/core/audit/verify-export.ts';
import { exportLog } from '#lib/server/audit/export-log.ts';
import { recordEvent } from '#lib/server/audit/record-event.ts';
import { takeLog } from '#lib/server/audit/reign.ts';
import { startSequencer } from '#lib/server/audit/sequence.ts';
import { FencedOffError } from '#lib/server/audit/write-batch.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { withTx } from '#lib/server/db/tx.ts';
import { createLog } from '#lib/server/log.ts';
import {
  auditKeys,
  makeEvent,
  makeLogSigning,
  recordEvents,
  stepLog,
  verifyEd25519,
} from '#tests/fixtures/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

const signing = makeLogSigning();
let database: TestDatabase;
let prisma: Database;
let sql: pg.Client;
let children: ChildProcess[];

beforeEach(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 4 });
  sql = new pg.Client({ connectionString: database.url });
  await sql.connect();
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await sql.end();
  await prisma.$disconnect();
  await database.drop();
});

const some = (count: number, session = 'agent:one') =>
  Array.from({ length: count }, (_, n) => makeEvent({ session, tool: `tool_${n}` }));

async function counts() {
  const found = await sql.query<{ inbox: number; entries: number; size: number }>(
    `SELECT (SELECT count(*)::int FROM audit_inbox) AS inbox, (SELECT count(*)::int FROM audit_entries) AS entries,
            (SELECT size::int FROM audit_head) AS size`,
  );
  return found.rows[0];
}

async function assertLogVerifies(size: number) {
  const lines: string[] = [];
  const done = await exportLog(prisma, { write: (text) => void lines.push(...text.trimEnd().split('\n')) }, signing);
  assert.ok(done.ok);
  const verdict = verifyExport({ lines, vkey: signing.vkey, verifySignature: verifyEd25519 });
  assert.equal(verdict.kind, 'verified', JSON.stringify(verdict));
  assert.equal(done.value.size, size);
  const ids = new Set(lines.slice(0, -1).map((line) => JSON.parse(JSON.parse(line).entry).event_id));
  assert.equal(ids.size, size, 'every event is in the log once');
}

/** Asks the database until the answer is yes; the waiting itself happens in the server. */
async function until(question: string, values: unknown[] = []): Promise<void> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const answer = await sql.query<{ yes: boolean }>(question, values);
    if (answer.rows[0]?.yes === true) return;
    assert.ok(performance.now() < deadline, `never became true: ${question}`);
    await sql.query('SELECT pg_sleep(0.01)');
  }
}

function spawnSequencer(): ChildProcess {
  const key = signing.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  const script = fileURLToPath(import.meta.resolve('#tests/fixtures/sequencer-process.ts'));
  const child = spawn(process.execPath, [script, database.url, key, signing.vkey, signing.origin], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.push(child);
  return child;
}

test('a change whose event cannot be recorded does not happen', async () => {
  await sql.query('ALTER TABLE audit_inbox RENAME TO audit_inbox_gone');
  const deciding = withTx(prisma, async (tx) => {
    await tx.$executeRaw`UPDATE kill_head SET epoch = 99`;
    await recordEvent(tx, auditKeys, makeEvent({ type: 'kill.on' }));
  });
  await assert.rejects(deciding);
  const head = await sql.query('SELECT epoch::int FROM kill_head');
  assert.deepEqual(head.rows, [{ epoch: 0 }]);
});

test('an event whose transaction rolls back is not in the log', async () => {
  const failing = withTx(prisma, async (tx) => {
    await recordEvent(tx, auditKeys, makeEvent());
    throw new Error('changed its mind');
  });
  await assert.rejects(failing, /changed its mind/);
  assert.deepEqual(await counts(), { inbox: 0, entries: 0, size: 0 });
});

test('a sequencer killed in the middle of a batch leaves no gap, no double and no fork', async () => {
  await recordEvents(prisma, some(50));
  // The lock stops the batch after the head has moved and the entries are written, before the commit.
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE audit_sessions IN SHARE MODE');
  const victim = spawnSequencer();
  await until(
    "SELECT count(*) = 1 AS yes FROM pg_stat_activity WHERE application_name = 'countersign-sequencer' AND wait_event_type = 'Lock' AND datname = current_database()",
  );
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  await holder.query('COMMIT');
  await holder.end();
  await until(
    "SELECT count(*) = 0 AS yes FROM pg_stat_activity WHERE application_name = 'countersign-sequencer' AND datname = current_database()",
  );
  assert.deepEqual(await counts(), { inbox: 50, entries: 0, size: 0 });
  spawnSequencer();
  await recordEvents(prisma, some(30));
  await until('SELECT count(*) = 1 AS yes FROM audit_checkpoints WHERE size = 80');
  assert.deepEqual(await counts(), { inbox: 0, entries: 80, size: 80 });
  await assertLogVerifies(80);
});

test('of two sequencers one leads, and the other takes over when its connection ends', async () => {
  const first = await stepLog(database.url);
  const second = new pg.Client({ connectionString: database.url });
  await second.connect();
  assert.equal(await takeLog(second), null);
  await recordEvents(prisma, some(3));
  assert.equal(await first.reign.sequence(100), 3);
  await first.close();
  await until('SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = $1) AS yes', ['advisory']);
  const taken = await takeLog(second);
  assert.ok(taken);
  assert.equal(taken.size(), 3);
  await second.end();
});

test('a leader that lost its lock without noticing writes nothing more', async () => {
  const stale = new pg.Client({ connectionString: database.url });
  await stale.connect();
  const old = await takeLog(stale);
  assert.ok(old);
  await recordEvents(prisma, some(2));
  await old.sequence(100);
  await stale.query('SELECT pg_advisory_unlock_all()');
  const fresh = await stepLog(database.url);
  await recordEvents(prisma, some(5));
  await assert.rejects(old.sequence(100), FencedOffError);
  await stale.query('ROLLBACK');
  await assert.rejects(old.publish(signing), FencedOffError);
  assert.deepEqual(await counts(), { inbox: 5, entries: 2, size: 2 });
  await fresh.drainAndPublish(signing);
  await assertLogVerifies(7);
  await fresh.close();
  await stale.end();
});

test('a row of a long transaction with a low id is sequenced when it commits', async () => {
  const slow = new pg.Client({ connectionString: database.url });
  await slow.connect();
  await slow.query('BEGIN');
  const { rows } = await slow.query<{ id: string }>(`INSERT INTO audit_inbox (event) SELECT 'late' RETURNING id::text`);
  await recordEvents(prisma, some(10));
  const log = await stepLog(database.url);
  await log.drainAndPublish(signing);
  assert.deepEqual(await counts(), { inbox: 0, entries: 10, size: 10 });
  assert.equal(rows[0]?.id, '1', 'its id is lower than all that were sequenced');
  await slow.query('COMMIT');
  await log.drainAndPublish(signing);
  assert.deepEqual(await counts(), { inbox: 0, entries: 11, size: 11 });
  await assertLogVerifies(11);
  await log.close();
  await slow.end();
});

test('writers on many connections and two sequencer processes give one log without gaps', async () => {
  spawnSequencer();
  spawnSequencer();
  await Promise.all([0, 1, 2, 3].map((n) => recordEvents(prisma, some(60, `session-${n}`))));
  await until('SELECT count(*) = 1 AS yes FROM audit_checkpoints WHERE size = 240');
  await assertLogVerifies(240);
});

test('a stopped sequencer has drained and signed everything', async () => {
  await recordEvents(prisma, some(12));
  const sequencer = startSequencer({ databaseUrl: database.url, signing, log: createLog('silent', 'test') });
  await until('SELECT size > 0 AS yes FROM audit_head');
  await recordEvents(prisma, some(5));
  await sequencer.stop();
  assert.deepEqual(await counts(), { inbox: 0, entries: 17, size: 17 });
  await assertLogVerifies(17);
});

test('entries, tree nodes and checkpoints cannot be changed, deleted or truncated', async () => {
  await recordEvents(prisma, some(300));
  const log = await stepLog(database.url);
  await log.drainAndPublish(signing);
  await log.close();
  for (const statement of [
    "UPDATE audit_entries SET entry = '{}' WHERE seq = 3",
    'DELETE FROM audit_entries WHERE seq = 3',
    'TRUNCATE audit_entries',
    'DELETE FROM audit_partitions.entries_0 WHERE seq = 3',
    'TRUNCATE audit_partitions.entries_0',
    "UPDATE audit_checkpoints SET note = ''",
    'DELETE FROM audit_checkpoints',
    'TRUNCATE audit_checkpoints',
    'UPDATE audit_nodes SET level = 16',
    'DELETE FROM audit_nodes',
  ]) {
    await assert.rejects(sql.query(statement), /append-only/, statement);
  }
});

test('a full partition is followed by the next one', async () => {
  const log = await stepLog(database.url);
  await sql.query('SELECT audit_add_partition(1048576, 2097152)');
  await sql.query('SELECT audit_add_partition(1048576, 2097152)');
  const found = await sql.query(
    "SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'audit_entries'::regclass",
  );
  assert.deepEqual(found.rows, [{ n: 2 }]);
  await assert.rejects(sql.query('TRUNCATE audit_partitions.entries_1048576'), /append-only/);
  await log.close();
});
