import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Files, readTar } from '#lib/core/audit/tar.ts';
import { BUNDLE_FILES } from '#lib/core/audit/verify-bundle.ts';
import { err, ok, type Result } from '#lib/core/result.ts';

/** A bundle of two thousand entries is some megabytes; more is somebody's attempt to fill the memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/** The files of an evidence bundle, packed or as a folder; null when the path is something else. */
export function findBundle(path: string): Result<Files, string> | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (found.isDirectory()) return readFolder(path);
  if (found.size > MOST_BYTES || found.size < GZIP_MAGIC.length) return null;
  const bytes = readFileSync(path);
  if (GZIP_MAGIC.some((byte, at) => bytes[at] !== byte)) return null;
  let tar: Uint8Array;
  try {
    tar = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
  } catch {
    return err(`${path} cannot be unpacked.`);
  }
  const files = readTar(tar);
  return files.ok ? files : err(`${path} is no evidence bundle: ${files.error}.`);
}

function readFolder(path: string): Result<Files, string> | null {
  const names = readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isFile() ? [one.name] : []));
  if (!names.includes(BUNDLE_FILES.manifest)) return null;
  const size = names.reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
  if (size > MOST_BYTES) return err(`${path} holds more than a bundle can.`);
  return ok(new Map(names.map((name) => [name, readFileSync(join(path, name))])));
}
