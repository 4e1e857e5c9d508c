// Nothing but the documented ports listens, and by default nobody beyond this machine can reach one.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, before, test } from 'node:test';
import { childEnvironment } from '#lib/server/env.ts';
import { readRuntimeFile } from '#lib/server/runtime-file.ts';
import { launch, processesOf, temporaryDataDir } from './launch.ts';
import { type Listener, listenersOf } from './listeners.ts';

const linux = { skip: process.platform !== 'linux', timeout: 120_000 };
let dataDir: ReturnType<typeof temporaryDataDir>;
let started: ReturnType<typeof launch>;

before(async () => {
  if (process.platform !== 'linux') return;
  dataDir = temporaryDataDir();
  started = launch(dataDir.path, []);
  await started.until(/\/setup\?token=\S+/);
});
after(async () => {
  if (process.platform !== 'linux') return;
  started.process.kill('SIGTERM');
  await started.ended;
  dataDir.dispose();
});

const pidsNow = () => [...processesOf(dataDir.path), started.process.pid ?? 0];

test('exactly console, gateway, metrics, egress proxy and the database listen, each on loopback', linux, () => {
  const runtime = readRuntimeFile(dataDir.path);
  assert.ok(runtime.ok);
  const { consolePort, gatewayPort, metricsPort, databaseUrl } = runtime.value;
  const documented = new Set([consolePort, gatewayPort, metricsPort, Number(new URL(databaseUrl).port)]);
  const found = listenersOf(pidsNow());
  const list = found.map(({ protocol, at, pid }) => `${protocol} ${at} (${pid})`).join('\n');
  assert.deepEqual(
    found.filter((one) => !one.isLoopback),
    [],
    list,
  );
  assert.deepEqual(
    found.filter((one) => one.protocol === 'udp'),
    [],
    list,
  );
  const tcp = found.filter((one) => one.protocol === 'tcp');
  for (const port of documented)
    assert.ok(
      tcp.some((one) => one.port === port),
      `${port} is not there:\n${list}`,
    );
  // The egress proxy listens in the gateway's process, on a port of its own choosing here.
  const gateway = tcp.find((one) => one.port === gatewayPort)?.pid;
  const others = tcp.filter((one) => !documented.has(one.port ?? 0));
  assert.equal(others.length, 1, list);
  assert.equal(others[0]?.pid, gateway, list);
});

test('its unix sockets lie in directories that only their owner enters', linux, () => {
  const runtime = readRuntimeFile(dataDir.path);
  assert.ok(runtime.ok);
  const sockets = listenersOf(pidsNow()).filter((one) => one.protocol === 'unix');
  assert.ok(
    sockets.every(({ at }) => at.startsWith('/')),
    JSON.stringify(sockets),
  );
  for (const { at } of sockets) {
    // PostgreSQL may keep one for its own start; it asks for a password there as well.
    if (at.includes('.s.PGSQL.')) continue;
    assert.ok(at.startsWith(dataDir.path), at);
    assert.equal(statSync(dirname(at)).mode & 0o077, 0, at);
    assert.equal(statSync(at).mode & 0o077, 0, at);
  }
});

test('a process that opens one more port, to everybody, is seen (the check can fail)', linux, async () => {
  const program = "require('net').createServer().listen(0, '0.0.0.0', () => process.stdout.write('open'))";
  const stray = spawn(process.execPath, ['-e', program], {
    env: childEnvironment({ COUNTERSIGN_DATA_DIR: dataDir.path }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(stray.stdout, 'data');
  const seen = listenersOf(pidsNow()).filter((one: Listener) => one.pid === stray.pid);
  stray.kill('SIGKILL');
  await once(stray, 'exit');
  assert.equal(seen.length, 1);
  assert.equal(seen[0]?.isLoopback, false);
});
