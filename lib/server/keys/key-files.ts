// Server-only. Secrets on disk: made once, whole or not at all, readable by their owner only.
import { randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const OTHERS = 0o077;

/** A key file that must not be used as it lies there; the sentence says what to type. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/**
 * Reads a secret file, making it first where there is none.
 * Two processes that start together agree on one content: whoever links first wins, the other reads.
 * Refuses a file that others on this machine may read: a leaked signing key forges every record after it.
 */
export function readOrCreateSecret(path: string, make: () => string): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (process.platform !== 'win32') {
    chmodSync(dirname(path), 0o700);
  }
  const existing = readSecretIfAny(path);
  if (existing !== undefined) {
    return existing;
  }
  const partial = `${path}.${randomUUID()}`;
  writeFileSync(partial, make(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    // A hard link appears whole and never replaces: rename would let the later process win.
    linkSync(partial, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw error;
    }
  } finally {
    rmSync(partial, { force: true });
  }
  return readSecret(path);
}

/** Reads a secret file that must exist. */
export function readSecret(path: string): string {
  const content = readSecretIfAny(path);
  if (content === undefined) {
    throw new KeyFileError(`The key file ${path} is missing.`);
  }
  return content;
}

function readSecretIfAny(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    return undefined;
  }
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
    throw new KeyFileError(
      `The key file ${path} can be read by other users: run "chmod 600 ${path}", or make a new key if it may have leaked.`,
    );
  }
  return readFileSync(path, 'utf8');
}
