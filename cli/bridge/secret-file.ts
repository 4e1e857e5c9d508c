// Secrets beside an agent: in files of their own, readable by their owner only.
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { err, ok, type Result } from '#lib/core/result.ts';

const OTHERS = 0o077;
const MOST_BYTES = 64 * 1024;

/** A file as it was read: its content, and what tells whether it has changed since. */
export type SecretFile = { readonly content: string; readonly stamp: string };

/**
 * Reads a secret, or says in one sentence why not. Refuses a file that other accounts of the machine may read. The content
 * never reaches the sentence, nor does the path when it looks like a secret that was typed where a path belongs.
 */
export function readSecretFile(path: string): Result<SecretFile, string> {
  if (looksLikeSecret(path))
    return err('A file was expected, and a secret was given: secrets do not belong on a command line.');
  try {
    const found = statSync(path);
    if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0) {
      return err(`${path} can be read by other users: run "chmod 600 ${path}".`);
    }
    if (found.size > MOST_BYTES) return err(`${path} is too large for a secret.`);
    return ok({ content: readFileSync(path, 'utf8').trim(), stamp: stampOf(path) });
  } catch (error) {
    return err(
      `${path} cannot be read (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown'}).`,
    );
  }
}

/** Changes whenever the file does; empty when it is not there. */
export function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? '' : `${found.ino}:${found.size}:${found.mtimeMs}`;
}

/** Replaces a secret at once: a reader finds the old one or the new one, never half of one. */
export function writeSecretFile(path: string, content: string): void {
  const partial = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(partial, `${content}\n`, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Our static tokens, and anything in the form of a signed one. */
export function looksLikeSecret(text: string): boolean {
  return /^cs[a-z]*_[A-Za-z0-9_-]{20,}$/.test(text) || /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text);
}
