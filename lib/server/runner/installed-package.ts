// Server-only. What of a package is installed in a server's home, as npm wrote it down.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export type InstalledPackage = { readonly name: string; readonly version: string; readonly integrity: string };

const LOCK = z.object({
  packages: z.record(z.string(), z.looseObject({ version: z.string().optional(), integrity: z.string().optional() })),
});
const MOST_LOCK_BYTES = 8 * 1024 * 1024;

/**
 * What npx has installed in a home, from npm's own lock files: version and integrity of the wished package.
 *
 * Assumes that only this server wrote the home. Two installations of one package that differ answer null, as does none:
 * what is not known for certain is not shown as such.
 */
export function installedPackage(home: string, name: string, version: string): InstalledPackage | null {
  const found = new Map<string, InstalledPackage>();
  const cache = join(home, '.npm', '_npx');
  for (const folder of namesIn(cache)) {
    for (const file of ['node_modules/.package-lock.json', 'package-lock.json']) {
      const entry = readLock(join(cache, folder, file))?.packages[`node_modules/${name}`];
      if (entry?.version !== version || !/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) continue;
      found.set(entry.integrity ?? '', { name, version, integrity: entry.integrity ?? '' });
    }
  }
  const [only] = found.values();
  return found.size === 1 && only !== undefined ? only : null;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function readLock(path: string): z.infer<typeof LOCK> | null {
  try {
    // The server owns this folder: a link out of it, or a file without an end, is its way to have us read another.
    const stat = lstatSync(path);
    if (!stat.isFile() || stat.size > MOST_LOCK_BYTES) return null;
    const read = LOCK.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
