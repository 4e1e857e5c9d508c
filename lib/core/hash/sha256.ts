import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** A SHA-256 over bytes or UTF-8 text. Server code passes a native one where speed counts; a test proves both agree. */
export type Sha256 = (data: string | Uint8Array) => Uint8Array;

/** A SHA-256 over UTF-8 text, in lowercase hex. */
export type Sha256Hex = (text: string) => string;

/** SHA-256 (FIPS 180-4) of bytes, or of the UTF-8 form of a text. Runs in the browser and the offline verifier too. */
export function sha256(data: string | Uint8Array): Uint8Array {
  return nobleSha256(typeof data === 'string' ? utf8ToBytes(data) : data);
}

/** The same in lowercase hex. */
export function sha256Hex(data: string | Uint8Array): string {
  return bytesToHex(sha256(data));
}

/** A SHA-256 in the making, for what is too long to hash in one go. `hex` ends it. */
export function startSha256(): { readonly update: (bytes: Uint8Array) => void; readonly hex: () => string } {
  const running = nobleSha256.create();
  return { update: (bytes) => void running.update(bytes), hex: () => bytesToHex(running.digest()) };
}

/** HMAC-SHA256 (RFC 2104) in lowercase hex. */
export function hmacSha256Hex(key: Uint8Array, data: string | Uint8Array): string {
  return bytesToHex(hmac(nobleSha256, key, typeof data === 'string' ? utf8ToBytes(data) : data));
}
