// Server-only. A rotation command of the host's own configuration, run by the worker.
import { spawn } from 'node:child_process';
import { err, ok, type Result } from '#lib/core/result.ts';
import { bareEnvironment } from '../env.ts';

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 64 * 1024;
/** After its end, what it printed may still be on its way; what it started may hold the pipe open for ever. */
const GRACE_MS = 250;

/**
 * Runs an argument vector with a clean environment, the question on its standard input; answers what it printed.
 *
 * It runs in a group of its own, which is killed with it: a program that it leaves behind keeps neither the worker waiting
 * nor the question's secret, unless it left the group on purpose.
 */
export function runHookCommand(
  argv: readonly string[],
  question: string,
  timeoutMs = TIMEOUT_MS,
): Promise<Result<string, string>> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: bareEnvironment({ PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' }),
      cwd: '/',
      detached: true,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (answer: Result<string, string>) => {
      clearTimeout(timer);
      killGroup(child.pid);
      child.stdin.destroy();
      child.stdout.destroy();
      child.unref();
      resolve(answer);
    };
    const timer = setTimeout(
      () => settle(err(`The rotation command took longer than ${timeoutMs / 1000} s. ${TRY}`)),
      timeoutMs,
    );
    child.once('error', () =>
      settle(err(`The rotation command could not be started: see that ${JSON.stringify(program)} exists here.`)),
    );
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) settle(err(`The rotation command printed more than ${MOST_BYTES} bytes. ${TRY}`));
      else chunks.push(chunk);
    });
    child.stdout.on('error', () => undefined);
    child.once('exit', (code, signal) => {
      const answer = () => {
        if (code === 0) settle(ok(Buffer.concat(chunks).toString('utf8')));
        else
          settle(err(`The rotation command ended with ${code === null ? `signal ${signal}` : `code ${code}`}. ${TRY}`));
      };
      if (child.stdout.readableEnded || child.stdout.destroyed) return answer();
      killGroup(child.pid);
      const grace = setTimeout(answer, GRACE_MS);
      child.stdout.once('close', () => {
        clearTimeout(grace);
        answer();
      });
    });
    // A command that does not read its input closes the pipe: that is its affair.
    child.stdin.on('error', () => undefined);
    child.stdin.end(question);
  });
}

const TRY = 'Run it by hand on this host; the old secret stays in use.';

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it is gone.
  }
}
