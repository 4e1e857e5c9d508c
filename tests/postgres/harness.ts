// Databases for tests: a migrated template, cloned per test file. Real SQL, nothing mocked.
import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '#lib/server/db/migrate.ts';
import { migrationNames, readMigration } from '#lib/server/db/migration-files.ts';
import { startTestServer } from './server.ts';

export type TestDatabase = {
  /** Connects as the application's role. */
  readonly url: string;
  /** Drops it; throws when a connection is still open, because the code under test leaked it. */
  drop(): Promise<void>;
};

/** The runner starts one server for all files and passes its addresses; a file run by hand starts its own. */
const ADMIN_URL_VARIABLE = 'CS_TEST_ADMIN_URL';
const APP_URL_VARIABLE = 'CS_TEST_APP_URL';
const TEMPLATE_LOCK = 7_236_019_255;
const LEAK_GRACE_MS = 2_000;

type Addresses = { readonly adminUrl: string; readonly url: string };
let addresses: Promise<Addresses> | undefined;

/** The variables that make test processes share a server. */
export function sharedServerEnvironment(server: Addresses): Record<string, string> {
  return { [ADMIN_URL_VARIABLE]: server.adminUrl, [APP_URL_VARIABLE]: server.url };
}

function findServer(): Promise<Addresses> {
  addresses ??= (async () => {
    const adminUrl = process.env[ADMIN_URL_VARIABLE];
    const url = process.env[APP_URL_VARIABLE];
    if (adminUrl !== undefined && url !== undefined) {
      return { adminUrl, url };
    }
    // Its guard stops it when this process ends; a hook here would run before those of the test file.
    return startTestServer();
  })();
  return addresses;
}

/** The same server with another database name. */
export function onDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Clones the migrated template, in some tens of milliseconds. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await findServer();
  const name = `t_${randomBytes(8).toString('hex')}`;
  const template = await ensureTemplate(server);
  await asAdmin(server, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER countersign`));
  return { url: onDatabase(server.url, name), drop: () => dropDatabase(server, name) };
}

/** An empty database, for what tests migrations and first starts. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  const server = await findServer();
  const name = `t_${randomBytes(8).toString('hex')}`;
  await asAdmin(server, (client) => client.query(`CREATE DATABASE ${name} OWNER countersign`));
  return { url: onDatabase(server.url, name), drop: () => dropDatabase(server, name) };
}

/** One template per text of the migrations: an edited migration makes a new one. Files in parallel queue on a lock. */
async function ensureTemplate(server: Addresses): Promise<string> {
  const hash = createHash('sha256');
  for (const name of migrationNames()) {
    hash.update(`${name}\n${readMigration(name)}\n`);
  }
  const template = `template_${hash.digest('hex').slice(0, 16)}`;
  await asAdmin(server, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
    if (found.rowCount !== 0) {
      return;
    }
    await client.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template} OWNER countersign`);
    const migrated = await migrate(onDatabase(server.url, template));
    if (!migrated.ok) {
      throw new Error(migrated.error.sentence);
    }
    await client.query(`ALTER DATABASE ${template} IS_TEMPLATE true ALLOW_CONNECTIONS false`);
  });
  return template;
}

async function dropDatabase(server: Addresses, name: string): Promise<void> {
  const leaked = await asAdmin(server, async (client) => {
    const deadline = performance.now() + LEAK_GRACE_MS;
    for (;;) {
      // A closed socket takes the server a moment to notice.
      const open = await client.query<{ application_name: string; query: string }>(
        'SELECT application_name, query FROM pg_stat_activity WHERE datname = $1',
        [name],
      );
      if (open.rowCount === 0 || performance.now() > deadline) {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        return open.rows;
      }
      await client.query('SELECT pg_sleep(0.02)');
    }
  });
  if (leaked.length > 0) {
    const whose = leaked.map((row) => `${row.application_name}: ${row.query.slice(0, 80)}`).join('; ');
    throw new Error(`${leaked.length} database connection(s) were still open at the end of the test (${whose}).`);
  }
}

async function asAdmin<T>(server: Addresses, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.adminUrl, application_name: 'test-harness' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
