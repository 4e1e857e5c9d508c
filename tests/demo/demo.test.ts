import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import pg from 'pg';
import { processIdentity } from '#lib/server/process-identity.ts';
import { readRuntimeFile } from '#lib/server/runtime-file.ts';
import { eventually, type Launched, launch, processesOf, temporaryDataDir } from '#tests/start/launch.ts';

const linux = { skip: process.platform !== 'linux', timeout: 180_000 };
const FULL_START = /Two agents keep calling/;
let room: ReturnType<typeof temporaryDataDir>;

beforeEach(() => {
  room = temporaryDataDir();
});

afterEach(() => room.dispose());

/** The demo's data lie beside the real ones: both in a room that is removed at the end. */
function demo(more: Readonly<Record<string, string>> = {}): Launched {
  return launch(join(room.path, 'data'), ['--demo', '--roles', 'gateway,worker'], more);
}

async function rows(text: string): Promise<Record<string, unknown>[]> {
  const runtime = readRuntimeFile(join(room.path, 'data-demo'));
  assert.ok(runtime.ok);
  const client = new pg.Client({ connectionString: runtime.value.databaseUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** The demo's own processes carry nothing of the room in their environment: they are found by their parent. */
function childrenOf(started: Launched): string[] {
  const pid = started.process.pid;
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  assert.ok(children.length >= 4, 'gateway, worker, one server and the agents');
  return children;
}

function isAlive(pid: string): boolean {
  return processIdentity(Number(pid)) !== undefined;
}

async function stop(started: Launched): Promise<void> {
  const children = childrenOf(started);
  started.process.kill('SIGTERM');
  assert.equal(await started.ended, 0);
  assert.deepEqual(children.filter(isAlive), []);
  assert.deepEqual(processesOf(room.path), []);
}

test('the demo shows people, servers and agents that call, and leaves nothing behind', linux, async () => {
  // The operator's own database must not be touched, and here it would not even answer.
  const first = demo({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/production' });
  await first.until(/cleo@example\.com +reviewer, security +\S{16}\n/);
  await first.until(FULL_START);
  assert.ok(!existsSync(join(room.path, 'data')));
  const tools = await rows(`SELECT s.name, count(*)::int AS count FROM tools t JOIN servers s ON s.id = t.server_id
    WHERE t.pin_state = 'accepted' GROUP BY s.name ORDER BY s.name`);
  assert.deepEqual(
    tools.map((row) => row.name),
    ['everything', 'release-host', 'workspace'],
  );
  const waiting = `SELECT agent_name, server_name FROM approval_requests WHERE status = 'pending'`;
  await eventually(async () => new Set((await rows(waiting)).map((row) => row.agent_name)).size === 2);
  await eventually(async () => {
    const ran = await rows(`SELECT DISTINCT server FROM audit_entries WHERE type = 'call.outcome'
      AND entry LIKE '%"status":"succeeded"%'`);
    return ran.length >= 2;
  });
  const [key] = await rows(`SELECT url FROM servers WHERE name = 'everything'`);
  await stop(first);

  const second = demo();
  await second.until(/ana@example\.com +admin, security +npx countersign people reset/);
  await second.until(FULL_START);
  assert.deepEqual(await rows(`SELECT url FROM servers WHERE name = 'everything'`), [key]);
  assert.deepEqual(await rows(`SELECT count(*)::int AS n FROM people`), [{ n: 3 }]);
  const left = await rows(`SELECT status::text, count(*)::int AS n FROM approval_requests
    WHERE requested_at < (SELECT max(started_at) FROM process_instances WHERE kind = 'gateway') GROUP BY status`);
  assert.deepEqual(
    left.map((row) => row.status),
    ['withdrawn'],
    'nobody is asked about calls whose agent has left',
  );
  await stop(second);
});

test('the processes of the demo end by themselves when the supervisor is killed', linux, async () => {
  const started = demo();
  await started.until(FULL_START);
  const [server] = await rows(`SELECT url FROM servers WHERE name = 'everything'`);
  const { url } = server ?? {};
  assert.ok(typeof url === 'string');
  assert.equal((await fetch(url, { method: 'POST' })).ok, false);
  // The database's own process is the one that stays, for the next start to take over.
  const children = childrenOf(started).filter(
    (pid) => !readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres'),
  );
  started.process.kill('SIGKILL');
  await started.ended;
  await eventually(() => !children.some(isAlive));
});
