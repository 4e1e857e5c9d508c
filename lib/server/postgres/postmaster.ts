// Server-only. The postmaster process: starting it, and what postmaster.pid says and whether to believe it.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterFiles } from './cluster.ts';
import type { OsUser } from './os-user.ts';
import { PROGRAM_ENVIRONMENT } from './run-program.ts';

const READY_LINE = 7;
const READY_WITHIN_MS = 60_000;
const POLL_MS = 20;

/**
 * Starts the postmaster as our own child and waits until it accepts connections; false when it ended instead.
 * It leads its own process group: Ctrl-C in the terminal must reach the supervisor only, which stops the database
 * last. Being our child, it is reaped on machines whose process 1 reaps nobody (containers).
 */
export async function spawnPostmaster(
  program: string,
  files: ClusterFiles,
  user: OsUser | undefined,
): Promise<boolean> {
  const log = openSync(files.log, 'a', 0o600);
  const child = spawn(program, ['-D', files.data], {
    ...(user ?? {}),
    cwd: '/',
    env: PROGRAM_ENVIRONMENT,
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  let ended = false;
  child.once('error', () => {
    ended = true;
  });
  child.once('exit', () => {
    ended = true;
  });
  child.unref();
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!ended && performance.now() < deadline) {
    if (isReady(files.data, child.pid)) {
      return true;
    }
    await delay(POLL_MS);
  }
  return false;
}

function isReady(dataDir: string, pid: number | undefined): boolean {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) {
    return false;
  }
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines[0] === String(pid) && lines[READY_LINE]?.trim() === 'ready';
}

/** The pid of a live postmaster on this data directory, if there is one. */
export function livePostmaster(dataDir: string): number | undefined {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) {
    return undefined;
  }
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return Number.isSafeInteger(pid) && pid > 0 && isPostmasterOf(pid, dataDir) ? pid : undefined;
}

/**
 * Removes a postmaster.pid whose process is gone.
 * After a crash in a container the pid is soon reused by a stranger, and PostgreSQL would then refuse to start.
 */
export function forgetDeadPostmaster(dataDir: string): void {
  if (livePostmaster(dataDir) === undefined) {
    rmSync(join(dataDir, 'postmaster.pid'), { force: true });
  }
}

function isPostmasterOf(pid: number, dataDir: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) {
      return false;
    }
  }
  const commandLine = `/proc/${pid}/cmdline`;
  if (!existsSync(commandLine)) {
    // No /proc (macOS, Windows): the signal's answer is all there is.
    return process.platform !== 'linux';
  }
  return readFileSync(commandLine, 'utf8').split('\0').includes(dataDir);
}
