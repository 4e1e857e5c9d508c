// Server-only. The licences of everything that is installed to run, written beside the console's build.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Licences, licencesSchema } from '#lib/contracts/settings.ts';

/** Beside the console's build, which it is part of. */
const LICENCES_FILE = join('.next', 'licences.json');

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      license: z.unknown().optional(),
      dev: z.boolean().optional(),
      optional: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});
const packageSchema = z.object({ license: z.unknown().optional(), licenses: z.unknown().optional() });

/**
 * Writes down which packages the build stands on and under which licence each is: what the lockfile installs to run, as the
 * packages themselves say. Those for development, and those for other platforms that are not there, are left out.
 */
export function writeLicences(root: string): Licences {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
  const items = Object.entries(packages).flatMap(([path, entry]) => {
    if (path === '' || entry.dev === true || entry.link === true || entry.version === undefined) return [];
    const licence = licenceText(entry.license) ?? licenceInstalled(root, path);
    if (licence === null)
      return entry.optional === true ? [] : [{ name: nameOf(path), version: entry.version, licence: 'not said' }];
    return [{ name: nameOf(path), version: entry.version, licence }];
  });
  const unique = new Map(items.map((item) => [`${item.name}@${item.version}`, item]));
  const written = { built: true, items: [...unique.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
  writeFileSync(join(root, LICENCES_FILE), JSON.stringify(written));
  return written;
}

/** What the build wrote down, or nothing where none did (`npm run dev`). */
export function readLicences(root: string): Licences {
  try {
    return licencesSchema.parse(JSON.parse(readFileSync(join(root, LICENCES_FILE), 'utf8')));
  } catch {
    return { built: false, items: [] };
  }
}

function licenceInstalled(root: string, path: string): string | null {
  try {
    const parsed = packageSchema.parse(JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')));
    return licenceText(parsed.license) ?? licenceText(parsed.licenses);
  } catch {
    return null;
  }
}

/** An SPDX expression, or one of the forms that older packages have. */
function licenceText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (Array.isArray(value))
    return (
      value
        .map(licenceText)
        .filter((text) => text !== null)
        .join(' OR ') || null
    );
  const typed = z.object({ type: z.string() }).safeParse(value);
  return typed.success ? typed.data.type : null;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
