// Server-only. The same SHA-256 as lib/core/hash, from OpenSSL: the sequencer hashes tens of thousands of entries a second.
import { hash } from 'node:crypto';
import type { Sha256 } from '#lib/core/hash/sha256.ts';

const HASH_BYTES = 32;

/** SHA-256 of bytes, for the tree's inner nodes. */
export const nativeSha256: Sha256 = (data) => bytesOf(hash('sha256', data, 'latin1'));

/** The leaf of an entry's text, SHA-256(0x00 ‖ text); equal to `leafHash` of the core (tested). */
export function nativeLeafHash(entry: string): Buffer {
  return Buffer.from(bytesOf(hash('sha256', `\0${entry}`, 'latin1')).buffer);
}

/**
 * A digest that came as text, one character a byte: Node makes that in half the time of a Buffer. The bytes get memory of
 * their own, because a hash that is kept for long would keep all of Node's shared slab alive.
 */
function bytesOf(latin1: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HASH_BYTES);
  for (let i = 0; i < HASH_BYTES; i++) bytes[i] = latin1.charCodeAt(i);
  return bytes;
}
