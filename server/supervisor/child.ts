import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '#lib/server/env.ts';
import type { Role } from './options.ts';

const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 10_000;
/** A child that lived this long died of something new: the backoff starts over. */
const STEADY_MS = 30_000;
const MAX_LOG_BYTES = 10 * 1024 * 1024;
const LOG_TAIL_LINES = 5;

/**
 * Flags of Node for a role. The gateway makes and drops small objects by the hundred thousand: with V8's own limit the
 * space for new ones grows to 60 MB and calls get no faster by it.
 */
export const NODE_FLAGS: Readonly<Record<Role, readonly string[]>> = {
  gateway: ['--max-semi-space-size=4'],
  console: [],
  worker: [],
  runner: [],
};

export type Child = {
  readonly role: Role;
  pid(): number | undefined;
  /** How often it ended since the start, other than by our own stop. */
  deaths(): number;
  /** Whether the process that runs now has reported ready. */
  isReady(): boolean;
  /** The last lines of its log, when they went to a file. */
  logTail(): string;
  stop(graceMs: number): Promise<void>;
  /** Ends it at once, without a chance to drain. */
  kill(): void;
};

/**
 * Keeps one process running: whenever it ends, by a crash or `kill -9`, it is started again, at most every ten
 * seconds. It leads its own process group, so that Ctrl-C reaches the supervisor only, which drains in order.
 * On a terminal its log goes to `<data dir>/logs/<role>.log`; elsewhere (a service, a container) to our output.
 */
export function startChild(options: {
  readonly role: Role;
  readonly root: string;
  readonly dataDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly logToFile: boolean;
  readonly onDeath: (how: string, againInMs: number) => void;
}): Child {
  const { role, root } = options;
  const logFile = join(options.dataDir, 'logs', `${role}.log`);
  let current: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopping = false;
  let deaths = 0;
  let ready = false;
  let backoffMs = FIRST_BACKOFF_MS;

  const start = () => {
    const startedAt = performance.now();
    ready = false;
    const log = options.logToFile ? openLog(options.dataDir, logFile) : undefined;
    const child = spawn(process.execPath, [...NODE_FLAGS[role], join(root, 'server', `${role}.ts`)], {
      cwd: root,
      env: childEnvironment(options.environment),
      stdio: ['ignore', log ?? 'inherit', log ?? 'inherit', 'ipc'],
      detached: process.platform !== 'win32',
    });
    if (log !== undefined) {
      closeSync(log);
    }
    current = child;
    child.on('message', (message) => {
      if (typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready') {
        ready = true;
      }
    });
    // Failing to spawn reports here and then as an exit.
    child.on('error', () => undefined);
    child.once('close', (code, signal) => {
      current = undefined;
      ready = false;
      if (stopping) {
        return;
      }
      deaths += 1;
      if (performance.now() - startedAt > STEADY_MS) {
        backoffMs = FIRST_BACKOFF_MS;
      }
      options.onDeath(signal ?? `exit code ${code ?? '?'}`, backoffMs);
      timer = setTimeout(start, backoffMs);
      backoffMs = Math.min(backoffMs * 2, LAST_BACKOFF_MS);
    });
  };

  start();
  return {
    role,
    pid: () => current?.pid,
    deaths: () => deaths,
    isReady: () => ready,
    logTail: () =>
      existsSync(logFile) ? readFileSync(logFile, 'utf8').trim().split('\n').slice(-LOG_TAIL_LINES).join('\n') : '',
    kill: () => {
      stopping = true;
      clearTimeout(timer);
      current?.kill('SIGKILL');
    },
    stop: async (graceMs) => {
      stopping = true;
      clearTimeout(timer);
      const child = current;
      if (child === undefined) {
        return;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      child.once('close', () => resolve());
      child.kill('SIGTERM');
      const cut = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await promise;
      clearTimeout(cut);
    },
  };
}

function openLog(dataDir: string, file: string): number {
  mkdirSync(join(dataDir, 'logs'), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_LOG_BYTES) {
    renameSync(file, `${file}.1`);
  }
  return openSync(file, 'a', 0o600);
}
