import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Replaces a file in one step, through a link if it is one; a crash leaves the old content. */
export function writeWhole(file: string, text: string, mode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  const target = targetOf(file);
  const partial = `${target}.${randomUUID()}.tmp`;
  try {
    writeFileSync(partial, text, { mode, flag: 'wx', flush: true });
    // The mode of a new file passes through the umask.
    chmodSync(partial, mode);
    renameSync(partial, target);
  } finally {
    rmSync(partial, { force: true });
  }
}

function targetOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
