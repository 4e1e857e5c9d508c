// Server-only. HMAC-SHA256 (RFC 2104) out of one-shot hashes: a Hmac object of node:crypto costs more to make and to
// collect than the hashing of a kilobyte, and two are due for every call.
import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
const INNER = 0x36;
const OUTER = 0x5c;

/**
 * HMAC-SHA256 of a text's UTF-8 or of bytes, as lowercase hex or as bytes. Equal to node:crypto's (tested). Throws on a
 * key of more than 64 bytes: the RFC hashes such a key first, and no key here is that long.
 */
export function hmacSha256(key: Uint8Array, message: string | Uint8Array, encoding: 'hex'): string;
export function hmacSha256(key: Uint8Array, message: string | Uint8Array, encoding: 'buffer'): Buffer;
export function hmacSha256(key: Uint8Array, message: string | Uint8Array, encoding: 'hex' | 'buffer'): string | Buffer {
  if (key.length > BLOCK_BYTES) throw new RangeError('an HMAC key here has at most 64 bytes');
  const length = typeof message === 'string' ? Buffer.byteLength(message) : message.length;
  const inner = Buffer.allocUnsafe(BLOCK_BYTES + length);
  padKey(inner, key, INNER);
  if (typeof message === 'string') inner.write(message, BLOCK_BYTES);
  else inner.set(message, BLOCK_BYTES);
  const outer = Buffer.allocUnsafe(BLOCK_BYTES + HASH_BYTES);
  padKey(outer, key, OUTER);
  // As text, one character a byte: half the price of a Buffer from a one-shot hash.
  outer.write(hash('sha256', inner, 'latin1'), BLOCK_BYTES, 'latin1');
  return encoding === 'hex' ? hash('sha256', outer, 'hex') : Buffer.from(hash('sha256', outer, 'latin1'), 'latin1');
}

function padKey(block: Buffer, key: Uint8Array, pad: number): void {
  for (let i = 0; i < BLOCK_BYTES; i++) block[i] = (key[i] ?? 0) ^ pad;
}
