// The PostgreSQL of a test run: throw-away files, and a guard that outlives a killed test process.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '#lib/server/postgres/embedded.ts';

export type TestServer = { readonly adminUrl: string; readonly url: string; stop(): Promise<void> };

/** Starts a server with fsync off in a temporary directory. Durability is what these tests do not ask of it. */
export async function startTestServer(): Promise<TestServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'countersign-test-'));
  const started = await startEmbedded({ dataDir, durability: 'throw-away' });
  if (!started.ok) {
    throw new Error(started.error.sentence);
  }
  const { adminUrl, url, pid, stop } = started.value;
  const guard = guardAgainstKill(pid(), dataDir);
  return {
    adminUrl,
    url,
    stop: async () => {
      await stop();
      rmSync(dataDir, { recursive: true, force: true });
      guard.kill();
    },
  };
}

/** Waits on a pipe whose other end is this process: when even `kill -9` ends it, the guard ends the server. */
function guardAgainstKill(pid: number | undefined, dataDir: string) {
  // Its pid file, not its pid: where process 1 reaps nobody, the dead keep their pids.
  const script =
    'cat >/dev/null; kill -INT "$0"; n=0; while [ -e "$1/postgres/data/postmaster.pid" ] && [ $n -lt 200 ]; do n=$((n+1)); sleep 0.05; done; rm -rf "$1"';
  const guard = spawn('sh', ['-c', script, String(pid), dataDir], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') {
    guard.stdin.unref();
  }
  return guard;
}
