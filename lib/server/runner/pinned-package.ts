// Server-only. Which npm package a command fetches and runs, and what of it was installed.
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

/** What a command says about the package that it runs. */
export type PackageWish =
  /** It runs a program that is on this machine already. */
  | { readonly kind: 'none' }
  | { readonly kind: 'exact'; readonly name: string; readonly version: string }
  /** It takes whatever the registry offers at the moment: another program tomorrow. */
  | { readonly kind: 'floating'; readonly asked: string };

export type InstalledPackage = { readonly name: string; readonly version: string; readonly integrity: string };

const RUNNERS = new Set(['npx', 'bunx', 'pnpx']);
/** Options of npx whose value is the next argument. */
const WITH_VALUE = new Set([
  '-p',
  '--package',
  '-c',
  '--call',
  '-w',
  '--workspace',
  '--registry',
  '--cache',
  '--prefix',
]);
const SPEC = /^(@[a-z0-9][a-z0-9._-]*\/[a-z0-9._-]+|[a-z0-9][a-z0-9._-]*)(?:@(.+))?$/i;
const EXACT = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Reads `npx -y name@1.2.3 …`. Only a full version is exact: a range, a tag such as `latest`, a git address and no version
 * at all are floating. Other options of npx that change what runs (`-c`, `--call`) count as floating as well.
 */
export function packageWish(argv: readonly string[]): PackageWish {
  const [program = '', ...rest] = argv;
  const called = basename(program).replace(/\.(?:cmd|js|mjs|cjs)$/, '');
  const name = called === 'npx-cli' ? 'npx' : called;
  const args =
    (name === 'npm' || name === 'pnpm') && (rest[0] === 'exec' || rest[0] === 'dlx' || rest[0] === 'x')
      ? rest.slice(1)
      : rest;
  if (!RUNNERS.has(name) && args === rest) return { kind: 'none' };
  let asked: string | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '-c' || arg === '--call' || arg.startsWith('--call=')) return { kind: 'floating', asked: arg };
    if (arg.startsWith('--package=')) asked ??= arg.slice('--package='.length);
    else if (WITH_VALUE.has(arg)) {
      at += 1;
      if (arg === '-p' || arg === '--package') asked ??= args[at] ?? '';
    } else if (arg !== '--' && !arg.startsWith('-')) {
      asked ??= arg;
      break;
    }
  }
  const [, packageName, version] = SPEC.exec(asked ?? '') ?? [];
  return packageName !== undefined && version !== undefined && EXACT.test(version)
    ? { kind: 'exact', name: packageName, version }
    : { kind: 'floating', asked: asked ?? '' };
}

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
