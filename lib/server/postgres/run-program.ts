// Server-only.
import { spawn } from 'node:child_process';
import type { OsUser } from './os-user.ts';

/** Emptied but for the path: PG* variables of the operator's shell would redirect the tools. */
export const PROGRAM_ENVIRONMENT: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
};

/** Runs a program to its end, as the given OS user. */
export function runProgram(
  program: string,
  args: readonly string[],
  user: OsUser | undefined,
): Promise<{ readonly code: number; readonly output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>();
  const child = spawn(program, args, {
    ...(user ?? {}),
    cwd: '/',
    env: PROGRAM_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer) => {
    output += chunk.toString('utf8');
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.once('error', reject);
  // `exit`, not `close`: a server that the program leaves behind would keep the pipes open.
  child.once('exit', (code) => {
    child.stdout.destroy();
    child.stderr.destroy();
    resolve({ code: code ?? 1, output });
  });
  return promise;
}
