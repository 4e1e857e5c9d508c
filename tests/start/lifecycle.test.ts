import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import pg from 'pg';
import { readRuntimeFile } from '#lib/server/runtime-file.ts';
import { eventually, launch, launchByNpm, processesOf, roleProcess, temporaryDataDir } from './launch.ts';

const linux = { skip: process.platform !== 'linux', timeout: 120_000 };
let dataDir: ReturnType<typeof temporaryDataDir>;

beforeEach(() => {
  dataDir = temporaryDataDir();
});

afterEach(() => dataDir.dispose());

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

function databaseUrl(): string {
  const runtime = readRuntimeFile(dataDir.path);
  assert.ok(runtime.ok);
  return runtime.value.databaseUrl;
}

async function isLive(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/live`)).status === 200;
  } catch {
    return false;
  }
}

test('a start makes everything, a stop leaves no process, and the next start finds its data', linux, async () => {
  const first = launch(dataDir.path, ['--roles', 'worker']);
  await first.until(/Data {6}/);
  assert.equal(statSync(join(dataDir.path, 'runtime.json')).mode & 0o777, 0o600);
  assert.equal(statSync(join(dataDir.path, 'postgres', 'password')).mode & 0o777, 0o600);
  assert.equal(statSync(join(dataDir.path, 'keys', 'master.key')).mode & 0o777, 0o600);
  await query(databaseUrl(), 'CREATE TABLE kept AS SELECT 1 AS one');
  const logKey = readFileSync(join(dataDir.path, 'keys', 'log.pub'), 'utf8');
  first.process.kill('SIGTERM');
  assert.equal(await first.ended, 0);
  assert.deepEqual(processesOf(dataDir.path), []);
  assert.ok(!existsSync(join(dataDir.path, 'runtime.json')));

  const second = launch(dataDir.path, ['--roles', 'worker']);
  await second.until(/Data {6}/);
  assert.equal((await query(databaseUrl(), 'SELECT one FROM kept')).rowCount, 1);
  assert.equal(readFileSync(join(dataDir.path, 'keys', 'log.pub'), 'utf8'), logKey);
  second.process.kill('SIGINT');
  assert.equal(await second.ended, 0);
  assert.deepEqual(processesOf(dataDir.path), []);
});

test('all three processes answer, print where to go, and heal after kill -9', linux, async () => {
  const started = launch(dataDir.path, []);
  await started.until(/\/setup\?token=\S+/);
  const consoleUrl = (await started.until(/Console {3}(\S+)/))[1] ?? '';
  const gatewayUrl = (await started.until(/Gateway {3}(\S+)\/mcp/))[1] ?? '';
  assert.ok(await isLive(consoleUrl));
  assert.ok(await isLive(gatewayUrl));
  for (const role of ['console', 'gateway', 'worker']) {
    const pid = await roleProcess(dataDir.path, role);
    process.kill(pid, 'SIGKILL');
    await roleProcess(dataDir.path, role, pid);
  }
  await eventually(async () => (await isLive(consoleUrl)) && (await isLive(gatewayUrl)));
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesOf(dataDir.path), []);
});

test('the database is started again after kill -9 of its postmaster', linux, async () => {
  const started = launch(dataDir.path, ['--roles', 'worker']);
  await started.until(/Data {6}/);
  const url = databaseUrl();
  const pid = Number(readFileSync(join(dataDir.path, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGKILL');
  await started.until(/it runs again/);
  assert.equal((await query(url, 'SELECT 1')).rowCount, 1);
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesOf(dataDir.path), []);
});

test(
  'after kill -9 of the supervisor its children end by themselves and the next start takes the database over',
  linux,
  async () => {
    const first = launch(dataDir.path, []);
    await first.until(/\/setup\?token=\S+/);
    const postmaster = Number(
      readFileSync(join(dataDir.path, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    first.process.kill('SIGKILL');
    await first.ended;
    // The database alone is orphaned, until the next start.
    await eventually(() => processesOf(dataDir.path, 'node').length === 0);
    assert.ok(processesOf(dataDir.path).includes(postmaster));

    const second = launch(dataDir.path, ['--roles', 'worker']);
    await second.until(/Data {6}/);
    assert.ok(!processesOf(dataDir.path).includes(postmaster));
    second.process.kill('SIGTERM');
    assert.equal(await second.ended, 0);
    assert.deepEqual(processesOf(dataDir.path), []);
  },
);

test('a stop in the middle of a start leaves no process behind', linux, async () => {
  const started = launch(dataDir.path, ['--roles', 'worker']);
  await eventually(() => existsSync(join(dataDir.path, 'instance.lock')));
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
  assert.deepEqual(processesOf(dataDir.path), []);
});

test('SIGTERM to npm itself, which its shell does not pass on, stops everything', linux, async () => {
  const started = launchByNpm(dataDir.path, ['--roles', 'worker']);
  await started.until(/Data {6}/);
  started.process.kill('SIGTERM');
  await started.ended;
  await eventually(() => processesOf(dataDir.path).length === 0);
});
