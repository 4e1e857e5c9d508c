// Server-only. The same SHA-256 as lib/core/hash, from OpenSSL: the sequencer hashes tens of thousands of entries a second.
import { hash } from 'node:crypto';
import type { Sha256 } from '#lib/core/hash/sha256.ts';

/** SHA-256 of bytes, for the tree's inner nodes. */
export const nativeSha256: Sha256 = (data) => hash('sha256', data, 'buffer');

/** The leaf of an entry's text, SHA-256(0x00 ‖ text); equal to `leafHash` of the core (tested). */
export function nativeLeafHash(entry: string): Buffer {
  return hash('sha256', `\0${entry}`, 'buffer');
}
