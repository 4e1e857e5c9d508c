import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { listen, notify } from '#lib/server/db/listen.ts';
import { createPrisma, type Database } from '#lib/server/db/prisma.ts';
import { databaseNow, withTx } from '#lib/server/db/tx.ts';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

let database: TestDatabase;
let prisma: Database;

before(async () => {
  database = await createTestDatabase();
  prisma = createPrisma(database.url, { max: 3 });
});

after(async () => {
  await prisma.$disconnect();
  await database.drop();
});

test('a notification arrives when its transaction commits, and not when it rolls back', async () => {
  const heard: string[] = [];
  const second = Promise.withResolvers<void>();
  const listener = await listen(
    database.url,
    ['cs_approval'],
    (_channel, payload) => {
      heard.push(payload);
      if (payload.includes('committed')) {
        second.resolve();
      }
    },
    () => undefined,
  );
  const rolledBack = withTx(prisma, async (tx) => {
    await notify(tx, 'cs_approval', { id: 'rolled back' });
    throw new Error('no');
  });
  await assert.rejects(rolledBack, /no/);
  await withTx(prisma, (tx) => notify(tx, 'cs_approval', { id: 'committed' }));
  await second.promise;
  assert.deepEqual(heard, ['{"id":"committed"}']);
  await listener.close();
});

test('a listener whose connection is cut connects again and says so', async () => {
  let connects = 0;
  const again = Promise.withResolvers<void>();
  const heard = Promise.withResolvers<string>();
  const listener = await listen(
    database.url,
    ['cs_kill'],
    (_channel, payload) => heard.resolve(payload),
    () => {
      connects += 1;
      if (connects === 2) {
        again.resolve();
      }
    },
  );
  assert.equal(connects, 1);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'countersign-listen'",
  );
  await again.promise;
  await client.query("SELECT pg_notify('cs_kill', 'after the cut')");
  assert.equal(await heard.promise, 'after the cut');
  await client.end();
  await listener.close();
});

test('a notification that PostgreSQL would refuse is refused before it is sent', async () => {
  await assert.rejects(
    withTx(prisma, (tx) => notify(tx, 'cs_audit', { id: 'x'.repeat(8_000) })),
    /too long/,
  );
});

test('the time comes from the database', async () => {
  const now = await withTx(prisma, databaseNow);
  assert.ok(now instanceof Date && !Number.isNaN(now.getTime()));
});

test('a connection left open fails the drop of its database', async () => {
  const own = await createTestDatabase();
  const client = new pg.Client({ connectionString: own.url, application_name: 'leaky' });
  client.on('error', () => undefined);
  await client.connect();
  await assert.rejects(own.drop(), /leaky/);
  await client.end().catch(() => undefined);
});
