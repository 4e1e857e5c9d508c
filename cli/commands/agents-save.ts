import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { looksLikeSecret, writeSecretFile } from '../bridge/secret-file.ts';

/**
 * What is wrong with the file a secret shall be saved in, or null. Judged before the secret is made: one that was made
 * and cannot be kept would have to be rotated at once.
 */
export function judgeSavePath(path: string | undefined, may: 'new' | 'replace'): string | null {
  if (path === undefined) return null;
  if (looksLikeSecret(path))
    return 'A file was expected, and a secret was given: secrets do not belong on a command line.';
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && may === 'new') return `${path} is there already: name a new file.`;
  // A link or a device would be replaced by the file, and somebody would go on reading the other end of it.
  if (found !== undefined && !found.isFile()) return `${path} is not an ordinary file.`;
  try {
    accessSync(dirname(resolve(path)), constants.W_OK);
    return null;
  } catch {
    return `${dirname(resolve(path))} cannot be written.`;
  }
}

/** Writes what `bridge` and `connect` take as --token-file, readable by its owner only. False where the disk refuses. */
export function saveSecret(
  path: string,
  secret: { readonly name: string; readonly clientId: string; readonly clientSecret: string },
): boolean {
  try {
    writeSecretFile(path, JSON.stringify(secret, null, 2));
    return true;
  } catch {
    return false;
  }
}
