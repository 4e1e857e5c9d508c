// What every run of checks and tests shares: running a program with its output visible, and the last line.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export type Counts = { readonly passed: number; readonly failed: number };

/** Adds up what the stages counted. */
export function sum(counts: readonly Counts[]): Counts {
  return counts.reduce((all, one) => ({ passed: all.passed + one.passed, failed: all.failed + one.failed }), {
    passed: 0,
    failed: 0,
  });
}

/** One check counts as one. */
export function asOne(passed: boolean): Counts {
  return passed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

export function heading(title: string): void {
  process.stdout.write(`\n── ${title}\n`);
}

/** Far beyond the longest stage. A run that hangs says so instead of never ending. */
const LIMIT_MS = 20 * 60_000;

/** Runs a program with our own output; false when it ended otherwise than with 0, or was still running at the limit. */
export async function run(
  program: string,
  args: readonly string[],
  more: Record<string, string> = {},
  limitMs = LIMIT_MS,
): Promise<boolean> {
  // A group of its own: what a stuck stage started must end with it.
  const child = spawn(program, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...more },
    detached: true,
  });
  const interrupt = () => {
    endGroup(child.pid);
    process.exit(130);
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  const limit = setTimeout(() => {
    process.stdout.write(`${program} was still running after ${limitMs / 60_000} min and was ended.\n`);
    endGroup(child.pid);
  }, limitMs);
  try {
    const [code] = await once(child, 'exit');
    return code === 0;
  } catch (error) {
    process.stdout.write(`${program}: ${error instanceof Error ? error.message : String(error)}\n`);
    return false;
  } finally {
    clearTimeout(limit);
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in the same moment.
  }
}

/** The plain last line, and the exit code that goes with it. Nothing counted is not a success. */
export function conclude(counts: Counts, since: number): void {
  const minutes = ((performance.now() - since) / 60_000).toFixed(1);
  process.stdout.write(`\nThat took ${minutes} min.\n${counts.passed} passed, ${counts.failed} failed\n`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}
