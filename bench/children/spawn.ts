// Child processes of a benchmark, and what the kernel says they used.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { childEnvironment } from '#lib/server/env.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TICKS_PER_S = 100;

export type Child = { readonly pid: number; readonly process: ChildProcess; stop(): Promise<void> };

/** Runs a script under this Node, whatever Node its own launcher would choose. */
export function startChild(
  script: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  more: { readonly output?: 'pipe' | 'ignore'; readonly flags?: readonly string[] } = {},
): Child {
  const { output = 'pipe', flags = [] } = more;
  const child = spawn(process.execPath, [...flags, join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...childEnvironment(env), NODE_ENV: 'production' },
    stdio: ['ignore', output, output === 'pipe' ? 'inherit' : 'ignore'],
  });
  return {
    pid: child.pid ?? 0,
    process: child,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          resolve();
          return;
        }
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
        setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
      }),
  };
}

/** The first line that a child prints. */
export function firstLine(child: Child): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.process.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const end = text.indexOf('\n');
      if (end !== -1) resolve(text.slice(0, end));
    });
    child.process.once('exit', (code) => reject(new Error(`a child ended with code ${code} before it was ready`)));
  });
}

/** Processor seconds that these processes have used so far. */
export function cpuSeconds(pids: readonly number[]): number {
  let ticks = 0;
  for (const pid of pids) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    } catch {
      // It has ended; what it used is no longer known.
    }
  }
  return ticks / TICKS_PER_S;
}

/** Children of a process, such as PostgreSQL's backends. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** Resident memory of a process in MB. */
export function residentMb(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) / 1024;
}
