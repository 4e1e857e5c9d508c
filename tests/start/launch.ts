// Real starts of server/main.ts, each with its own data directory and free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const PATIENCE_MS = 60_000;
const POLL_MS = 25;

export type Launched = {
  readonly process: ChildProcess;
  /** Everything printed so far, both streams. */
  output(): string;
  /** Waits until the output matches; fails when the process ends first. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
};

const running = new Set<ChildProcess>();

/** A data directory that is removed at the end, together with whatever still runs from it. */
export function temporaryDataDir(): { readonly path: string; dispose(): void } {
  const path = mkdtempSync(join(tmpdir(), 'countersign-start-'));
  // The OS user that runs PostgreSQL for root may pass, or the database of a nested directory would lie elsewhere.
  chmodSync(path, 0o711);
  return {
    path,
    dispose: () => {
      // A start that hung would outlive its test.
      for (const child of running) {
        child.kill('SIGKILL');
      }
      const elsewhere = globSync(join(path, '**/postgres/LOCATION')).map((file) => readFileSync(file, 'utf8').trim());
      for (const pid of [path, ...elsewhere].flatMap((one) => processesOf(one))) {
        process.kill(pid, 'SIGKILL');
      }
      for (const home of elsewhere) rmSync(home, { recursive: true, force: true });
      rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Starts the supervisor as `npm start` does, without npm in between. */
export function launch(
  dataDir: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Launched {
  return launchProgram(dataDir, process.execPath, [MAIN, ...args], more);
}

/** Runs `npm start`. */
export function launchByNpm(dataDir: string, args: readonly string[]): Launched {
  return launchProgram(dataDir, 'npm', ['start', '--', ...args], {});
}

function launchProgram(
  dataDir: string,
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Launched {
  const environment = { ...process.env };
  // The run's own variables must not reach the installation under test.
  for (const name of [
    'DATABASE_URL',
    'NODE_OPTIONS',
    'NODE_TEST_CONTEXT',
    'npm_lifecycle_event',
    'CS_TEST_ADMIN_URL',
    'CS_TEST_APP_URL',
  ]) {
    delete environment[name];
  }
  const child = spawn(program, args, {
    env: {
      ...environment,
      COUNTERSIGN_DATA_DIR: dataDir,
      CONSOLE_PORT: '0',
      GATEWAY_PORT: '0',
      METRICS_PORT: '0',
      EGRESS_PROXY_PORT: '0',
      ...more,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const collect = (chunk: Buffer) => {
    text += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const { promise: ended, resolve } = Promise.withResolvers<number | string>();
  let over = false;
  running.add(child);
  child.once('exit', (code, signal) => {
    running.delete(child);
    over = true;
    resolve(signal ?? code ?? -1);
  });
  return {
    process: child,
    output: () => text,
    ended,
    until: async (pattern) => {
      for (;;) {
        const match = text.match(pattern);
        if (match !== null) {
          return match;
        }
        if (over) {
          throw new Error(`The process ended before it printed ${String(pattern)}:\n${text}`);
        }
        await delay(POLL_MS);
      }
    },
  };
}

/** Live processes that run from the data directory: PostgreSQL names it in its arguments, ours in their environment. */
export function processesOf(dataDir: string, program = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        if (!readlinkSync(`/proc/${name}/exe`).endsWith(program)) {
          return false;
        }
        const said = readFileSync(`/proc/${name}/cmdline`, 'utf8') + readFileSync(`/proc/${name}/environ`, 'utf8');
        return said.includes(dataDir);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The child of the supervisor that plays the role, once there is one other than `not`. */
export async function roleProcess(dataDir: string, role: string, not?: number): Promise<number> {
  for (;;) {
    const found = processesOf(dataDir).find((pid) => {
      try {
        return pid !== not && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`/server/${role}.ts`);
      } catch {
        return false;
      }
    });
    if (found !== undefined) {
      return found;
    }
    await delay(POLL_MS);
  }
}

/** Waits for a condition. Throws after a minute: without a limit the poll of a failed test would never let its process end. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`${condition} did not become true`);
    await delay(POLL_MS);
  }
}
