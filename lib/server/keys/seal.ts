// Server-only. Encryption at rest: AES-256-GCM with a random nonce, bound to the place where it lies.
import { createCipheriv, createDecipheriv } from 'node:crypto';
import { freshRandom } from './random-bytes.ts';

const VERSION = 1;
const VERSION_BYTE = Buffer.of(VERSION);
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + NONCE_BYTES + TAG_BYTES;
const ALGORITHM = 'aes-256-gcm';

/**
 * Encrypts: version ‖ nonce ‖ tag ‖ ciphertext.
 * Assumes a 32-byte key. `aad` names the row it belongs to, so that a sealed value moved to another row by
 * somebody who can write the database does not open there.
 */
export function seal(key: Uint8Array, plaintext: Uint8Array | string, aad: string): Buffer {
  const nonce = freshRandom(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(aad));
  const body = typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  // GCM is a stream: everything came out above, and this only closes the tag.
  cipher.final();
  return Buffer.concat([VERSION_BYTE, nonce, cipher.getAuthTag(), body]);
}

/**
 * Decrypts what `seal` made. Throws on another key, another `aad`, or a changed byte: stored data that does not
 * open is damage or an attack, and nobody may go on with a part of it.
 */
export function open(key: Uint8Array, sealed: Uint8Array, aad: string): Buffer {
  if (sealed.length < HEADER_BYTES || sealed[0] !== VERSION) {
    throw new Error('A sealed value has an unknown form.');
  }
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const nonce = bytes.subarray(1, 1 + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad));
  decipher.setAuthTag(bytes.subarray(1 + NONCE_BYTES, HEADER_BYTES));
  const body = decipher.update(bytes.subarray(HEADER_BYTES));
  return Buffer.concat([body, decipher.final()]);
}
