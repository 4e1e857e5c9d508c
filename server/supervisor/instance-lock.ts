import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { err, ok, type Result } from '#lib/core/result.ts';
import { processIdentity } from '#lib/server/process-identity.ts';

const HOLDER = z.object({ pid: z.number(), identity: z.string() });

export type InstanceLock = {
  /** True when the last holder died without letting go: its children may still be on their way out. */
  readonly afterCrash: boolean;
  release(): void;
};

/**
 * Holds a file lock for as long as this process lives; refuses when another live process holds it.
 * The file names its holder by number and start time, so that a number reused after a reboot does not lock us out.
 */
export function lockFile(directory: string, name: string): Result<InstanceLock, { readonly pid: number }> {
  const path = join(directory, name);
  const mine = `${path}.${process.pid}`;
  const content = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) ?? '' });
  writeFileSync(mine, content, { mode: 0o600 });
  let afterCrash = false;
  try {
    for (;;) {
      try {
        linkSync(mine, path);
        return ok({ afterCrash, release: () => rmSync(path, { force: true }) });
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
          throw error;
        }
      }
      const holder = readHolder(path);
      if (holder !== undefined && processIdentity(holder.pid) === holder.identity) {
        return err({ pid: holder.pid });
      }
      afterCrash = true;
      // Moved aside first: of two that find it stale, one moves it and the other finds nothing to move.
      try {
        renameSync(path, `${mine}.stale`);
      } catch {
        // The other one was faster; the next round tells who holds it.
      }
      rmSync(`${mine}.stale`, { force: true });
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

function readHolder(path: string): z.infer<typeof HOLDER> | undefined {
  try {
    return HOLDER.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
