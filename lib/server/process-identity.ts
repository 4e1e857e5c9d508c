// Server-only. Telling a process from another that got its number later.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** Field 22 of /proc/<pid>/stat is the start time; counted after the command's closing parenthesis it is the 20th. */
const START_TIME_FIELD = 19;

/**
 * A text that is the same as long as the process lives, and differs for a later process of that number; undefined
 * when there is none. A zombie counts as gone.
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') {
        return undefined;
      }
      const boot = '/proc/sys/kernel/random/boot_id';
      const bootId = existsSync(boot) ? readFileSync(boot, 'utf8').trim() : '';
      return `${bootId}/${fields[START_TIME_FIELD] ?? ''}`;
    } catch {
      return undefined;
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) {
      return undefined;
    }
  }
  if (process.platform === 'win32') {
    return 'alive';
  }
  return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
}
