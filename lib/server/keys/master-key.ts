// Server-only. The master key: wraps the keys of single secrets, and the installation's data root.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KeyFileError, readSecret } from './key-files.ts';
import { open, seal } from './seal.ts';

/**
 * Wraps data keys. One implementation holds the key itself; a key service would answer over the network, so both ways are
 * asynchronous. `context` is bound to the wrap: a wrapped key that is moved to another row does not unwrap there.
 */
export type KeyWrapper = {
  /** Names the key without telling it; stored beside every wrap. */
  readonly id: string;
  wrap(key: Uint8Array, context: string): Promise<Buffer>;
  unwrap(wrapped: Uint8Array, context: string): Promise<Buffer>;
};

const KEY_BYTES = 32;
const ROOT_CONTEXT = 'countersign/data-root/v1';

/** The wrapper over a master key that lies in a file. */
export function fileWrapper(masterKey: Uint8Array): KeyWrapper {
  return {
    id: masterKeyId(masterKey),
    wrap: (key, context) => Promise.resolve(seal(masterKey, key, `wrap\n${context}`)),
    // Not thrown at once: a key service could not either.
    unwrap: async (wrapped, context) => open(masterKey, wrapped, `wrap\n${context}`),
  };
}

/** The name of a master key: of 256 random bits a hash tells nothing. */
export function masterKeyId(masterKey: Uint8Array): string {
  const digest = createHash('sha256').update('countersign/master-key-id/v1\n').update(masterKey).digest('hex');
  return `file-${digest.slice(0, 24)}`;
}

/** The 32 bytes of a master key file's text. Throws a sentence that does not quote it. */
export function decodeMasterKey(text: string, path: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new KeyFileError(`The master key ${path} must be 32 bytes in base64.`);
  return key;
}

/**
 * The data root: what payloads, held arguments and signing keys are sealed under. It is the first master key, and stays the
 * same when the master key changes: from then on it lies in the keys directory, wrapped by each master key in use.
 *
 * Throws where wrapped roots lie there and none is for this master key: it is the wrong file, and going on with it as a root
 * would seal new data under a key that opens nothing old.
 */
export function readDataRoot(directory: string, masterKey: Buffer): Buffer {
  const path = rootPath(directory, masterKeyId(masterKey));
  if (existsSync(path)) {
    try {
      return open(masterKey, Buffer.from(readSecret(path).trim(), 'base64url'), ROOT_CONTEXT);
    } catch (cause) {
      if (cause instanceof KeyFileError) throw cause;
      throw new KeyFileError(`The data root ${path} does not open with this master key.`, { cause });
    }
  }
  if (wrappedRoots(directory).length > 0) {
    throw new KeyFileError(
      'This master key is not one that the data of this installation is wrapped with: set MASTER_KEY_FILE to the right file, or run "countersign credentials rewrap" with the old one first.',
    );
  }
  return masterKey;
}

/**
 * Lays the data root down under one more master key. Whole or not at all, and again is harmless: whoever is killed in the
 * middle runs it again.
 */
export function wrapDataRoot(directory: string, root: Uint8Array, masterKey: Uint8Array): void {
  const path = rootPath(directory, masterKeyId(masterKey));
  if (existsSync(path)) return;
  const partial = `${path}.${process.pid}`;
  rmSync(partial, { force: true });
  const text = `${seal(masterKey, root, ROOT_CONTEXT).toString('base64url')}\n`;
  writeFileSync(partial, text, { mode: 0o600, flag: 'wx', flush: true });
  renameSync(partial, path);
}

/** Takes every other master key's way to the data root away. */
export function dropOtherRoots(directory: string, keepKeyId: string): void {
  for (const name of wrappedRoots(directory)) {
    if (join(directory, name) !== rootPath(directory, keepKeyId)) rmSync(join(directory, name), { force: true });
  }
}

function rootPath(directory: string, keyId: string): string {
  return join(directory, `data-root.${keyId}`);
}

function wrappedRoots(directory: string): readonly string[] {
  return existsSync(directory)
    ? readdirSync(directory).filter((name) => /^data-root\.file-[0-9a-f]{24}$/.test(name))
    : [];
}
