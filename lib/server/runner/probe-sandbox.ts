// Server-only. Whether this machine lets us put a server into a sandbox. Asked once, when the runner starts.
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { bareEnvironment, programPath } from '../env.ts';

export type Sandbox =
  | { readonly kind: 'bubblewrap'; readonly program: string; readonly version: string; readonly unshareUser: boolean }
  /** `why` is our own sentence. */
  | { readonly kind: 'none'; readonly why: string };

const run = promisify(execFile);
const TRY_MS = 5_000;
const TRIAL = [
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-net',
  '--die-with-parent',
  '--new-session',
];

/**
 * Looks for bubblewrap and tries it: namespaces are often there and not permitted (containers, hardened kernels). A
 * sandbox that would fail at the first call is none, and everybody is told so at the start.
 */
export async function probeSandbox(path: string = programPath()): Promise<Sandbox> {
  if (process.platform !== 'linux')
    return { kind: 'none', why: `bubblewrap is for Linux; this is ${process.platform}` };
  const program = findProgram('bwrap', path);
  if (program === null) return { kind: 'none', why: 'bubblewrap is not installed' };
  const version = await ask(program, ['--version']);
  for (const unshareUser of [true, false]) {
    const user = unshareUser ? ['--unshare-user'] : [];
    const tried = await ask(program, [
      ...[
        ...user,
        ...TRIAL,
        '--cap-drop',
        'ALL',
        '--ro-bind',
        '/',
        '/',
        '--proc',
        '/proc',
        '--dev',
        '/dev',
        '--tmpfs',
        '/tmp',
      ],
      ...['--', process.execPath, '--version'],
    ]);
    if (tried !== null) {
      return { kind: 'bubblewrap', program, version: /[\d.]+/.exec(version ?? '')?.[0] ?? 'unknown', unshareUser };
    }
  }
  return { kind: 'none', why: 'bubblewrap is installed, but this machine does not permit its namespaces' };
}

/** The file that a bare name stands for, or null. */
export function findProgram(name: string, path: string): string | null {
  for (const directory of path.split(delimiter)) {
    if (!directory.startsWith('/')) continue;
    const candidate = join(directory, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not here.
    }
  }
  return null;
}

async function ask(program: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run(program, [...args], { timeout: TRY_MS, env: bareEnvironment({}) });
    return stdout;
  } catch {
    return null;
  }
}
