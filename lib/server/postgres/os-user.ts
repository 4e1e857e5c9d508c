// Server-only. PostgreSQL refuses to run as root; root runs it as the OS user `postgres`.
import { execFileSync } from 'node:child_process';
import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { err, ok, type Result } from '../../core/result.ts';

export type OsUser = { readonly uid: number; readonly gid: number };
export type OsUserProblem = { readonly code: 'no-os-user'; readonly sentence: string };

/** The OS user to run PostgreSQL as: nobody special unless this process is root, then `postgres`, created if missing. */
export function postgresOsUser(): Result<OsUser | undefined, OsUserProblem> {
  if (process.platform === 'win32' || process.getuid?.() !== 0) {
    return ok(undefined);
  }
  const found = lookUp();
  if (found !== undefined) {
    return ok(found);
  }
  try {
    execFileSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
  } catch {
    // The group may exist without the user; useradd tells what is really missing.
  }
  try {
    const args = ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'];
    execFileSync('useradd', args, { stdio: 'ignore' });
  } catch {
    // Busybox systems have adduser instead.
    try {
      execFileSync('adduser', ['-S', '-D', '-H', 'postgres'], { stdio: 'ignore' });
    } catch {
      // Reported below.
    }
  }
  const created = lookUp();
  if (created === undefined) {
    const sentence =
      'PostgreSQL does not run as root and the OS user "postgres" could not be created: start as another user, or set DATABASE_URL.';
    return err({ code: 'no-os-user', sentence });
  }
  return ok(created);
}

function lookUp(): OsUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Whether the user may enter the directory and every one above it. Assumes the directory exists. */
export function canReach(directory: string, user: OsUser): boolean {
  let current = realpathSync(directory);
  for (;;) {
    const { mode, uid, gid } = statSync(current);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) {
      return false;
    }
    const parent = dirname(current);
    if (parent === current) {
      return true;
    }
    current = parent;
  }
}
