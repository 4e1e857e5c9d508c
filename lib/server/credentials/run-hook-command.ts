// Server-only. A rotation command of the host's own configuration, run by the worker.
import { spawn } from 'node:child_process';
import { err, ok, type Result } from '#lib/core/result.ts';
import { bareEnvironment } from '../env.ts';

const TIMEOUT_MS = 60_000;
const MOST_BYTES = 64 * 1024;

/** Runs an argument vector with a clean environment, the question on its standard input; answers what it printed. */
export function runHookCommand(argv: readonly string[], question: string): Promise<Result<string, string>> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: bareEnvironment({ PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' }),
      cwd: '/',
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    child.once('error', () => resolve(err('The rotation command could not be started.')));
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.once('close', (code) => {
      if (code === 0 && bytes <= MOST_BYTES) resolve(ok(Buffer.concat(chunks).toString('utf8')));
      else resolve(err(`The rotation command ended with ${code === null ? 'a signal' : `code ${code}`}.`));
    });
    // A command that does not read its input closes the pipe: that is its affair.
    child.stdin.on('error', () => undefined);
    child.stdin.end(question);
  });
}
