import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { diffAgainstSchema, migrate } from '#lib/server/db/migrate.ts';
import { migrationNames } from '#lib/server/db/migration-files.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';

async function query(database: TestDatabase, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

test('an empty database gets every migration once, also when two processes start together', async () => {
  const database = await createEmptyDatabase();
  const results = await Promise.all([migrate(database.url), migrate(database.url)]);
  const applied = results.flatMap((result) => (result.ok ? result.value : [result.error.sentence]));
  assert.deepEqual([...applied].sort(), [...migrationNames()]);
  await database.drop();
});

test('the migrations add up to the schema file', async () => {
  const database = await createTestDatabase();
  assert.equal(await diffAgainstSchema(database.url), '');
  await query(database, 'CREATE TABLE stranger (id int PRIMARY KEY)');
  assert.match(await diffAgainstSchema(database.url), /DROP TABLE "stranger"/);
  await database.drop();
});

test('a database that a newer release migrated is refused', async () => {
  const database = await createTestDatabase();
  await query(
    database,
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ('x', 'x', '99990101000000_future', now(), now(), 1)`,
  );
  const result = await migrate(database.url);
  assert.equal(result.ok ? 'ok' : result.error.code, 'schema-newer');
  await database.drop();
});

test('a migration that stopped halfway is named, not run again', async () => {
  const database = await createTestDatabase();
  await query(
    database,
    `UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = (SELECT max(migration_name) FROM _prisma_migrations)`,
  );
  const result = await migrate(database.url);
  assert.equal(result.ok ? 'ok' : result.error.code, 'migration-failed');
  await database.drop();
});
