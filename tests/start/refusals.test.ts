import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '#tests/postgres/harness.ts';
import { launch, processesOf, temporaryDataDir } from './launch.ts';

const linux = { skip: process.platform !== 'linux', timeout: 60_000 };
const WORKER = ['--roles', 'worker'];
let dataDir: ReturnType<typeof temporaryDataDir>;
let database: TestDatabase;

before(async () => {
  database = await createTestDatabase();
});

after(() => database.drop());

beforeEach(() => {
  dataDir = temporaryDataDir();
});

afterEach(() => dataDir.dispose());

/** Starts, expects exit code 1 and exactly one sentence, and nothing left behind. */
async function refusal(args: readonly string[], more: Record<string, string>): Promise<string> {
  const started = launch(dataDir.path, args, more);
  assert.equal(await started.ended, 1, started.output());
  assert.deepEqual(processesOf(dataDir.path), []);
  const lines = started.output().trim().split('\n');
  assert.equal(lines.length, 1, started.output());
  return lines[0] ?? '';
}

test('a taken port is named with the variable that moves it', linux, async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
  const address = squatter.address();
  assert.ok(address !== null && typeof address === 'object');
  const said = await refusal(['--roles', 'gateway'], { GATEWAY_PORT: String(address.port) });
  assert.match(said, new RegExp(`Port ${address.port} is taken: .*GATEWAY_PORT`));
  await new Promise((resolve) => squatter.close(resolve));
});

test(
  'a DATABASE_URL that does not answer, or that the server refuses, stops the start without showing its password',
  linux,
  async () => {
    const nobody = await refusal(WORKER, { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' });
    assert.match(nobody, /^DATABASE_URL does not work: .*ECONNREFUSED/);
    assert.doesNotMatch(nobody, /hunter2/);
    const wrong = new URL(database.url);
    wrong.password = 'hunter2';
    const refused = await refusal(WORKER, { DATABASE_URL: wrong.href });
    assert.match(refused, /^DATABASE_URL does not work: .*password authentication failed/);
    assert.doesNotMatch(refused, /hunter2/);
    assert.match(
      await refusal(WORKER, { DATABASE_URL: 'mysql://u:hunter2@h/x' }),
      /^DATABASE_URL must be a postgresql/,
    );
  },
);

test('a data directory that cannot be one stops the start', linux, async () => {
  const file = join(dataDir.path, 'file');
  writeFileSync(file, '');
  assert.match(await refusal(WORKER, { COUNTERSIGN_DATA_DIR: file }), /^The data directory .* is a file/);
  assert.match(
    await refusal(WORKER, { COUNTERSIGN_DATA_DIR: '/proc/nowhere' }),
    /^The data directory .* cannot be written/,
  );
});

test('a database of a newer release is left alone', linux, async () => {
  const newer = await createTestDatabase();
  const client = new pg.Client({ connectionString: newer.url });
  await client.connect();
  await client.query(
    `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
     VALUES ('x', 'x', '99990101000000_future', now(), now(), 1)`,
  );
  await client.end();
  assert.match(await refusal(WORKER, { DATABASE_URL: newer.url }), /^The database was migrated by a newer release/);
  await newer.drop();
});

test('a second instance on the same data directory is refused, and the first goes on', linux, async () => {
  const first = launch(dataDir.path, WORKER);
  await first.until(/Data {6}/);
  const second = launch(dataDir.path, WORKER);
  assert.equal(await second.ended, 1);
  assert.match(second.output(), /^Countersign already runs from .* \(process \d+\): stop it first\.\n$/);
  assert.equal(first.process.exitCode, null);
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0);
});

test('a lock left by a crash does not lock anybody out', linux, async () => {
  writeFileSync(join(dataDir.path, 'instance.lock'), JSON.stringify({ pid: process.pid, identity: 'another boot' }));
  const started = launch(dataDir.path, WORKER);
  await started.until(/Data {6}/);
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
});

test('a bind that the network reaches is refused without TLS or a trusted proxy', linux, async () => {
  assert.match(await refusal(WORKER, { BIND_ADDRESS: '0.0.0.0' }), /^BIND_ADDRESS 0\.0\.0\.0 is reachable/);
});

test('an unknown role is refused', linux, async () => {
  assert.match(
    await refusal(['--roles', 'worker,king'], {}),
    /^--roles takes a list of runner, console, gateway, worker/,
  );
});

test('a key file that others may read stops the start', linux, async () => {
  mkdirSync(join(dataDir.path, 'keys'));
  writeFileSync(join(dataDir.path, 'keys', 'master.key'), 'x');
  chmodSync(join(dataDir.path, 'keys', 'master.key'), 0o644);
  const started = launch(dataDir.path, WORKER, { DATABASE_URL: database.url });
  assert.equal(await started.ended, 1);
  assert.match(started.output(), /can be read by other users: run "chmod 600/);
});

test('with DATABASE_URL nothing embedded is started', linux, async () => {
  const started = launch(dataDir.path, WORKER, { DATABASE_URL: database.url });
  await started.until(/Data {6}/);
  assert.ok(!existsSync(join(dataDir.path, 'postgres')));
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
});

test('root starts from a home that the OS user postgres cannot enter, and is told where the database lies', {
  skip: process.getuid?.() !== 0,
  timeout: 60_000,
}, async () => {
  const home = join(dataDir.path, 'home');
  mkdirSync(home, { mode: 0o700 });
  const data = join(home, 'data');
  const started = launch(data, WORKER);
  await started.until(/the database lies in \/var\/lib\/countersign\//);
  await started.until(/Data {6}/);
  const location = readFileSync(join(data, 'postgres', 'LOCATION'), 'utf8').trim();
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesOf(location), []);
  rmSync(location, { recursive: true });
});
