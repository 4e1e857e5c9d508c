// Server-only. Arguments and results beside the log: each event's payload under a key of its own.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { hmacSha256 } from '../keys/hmac.ts';
import { open, seal } from '../keys/seal.ts';

const LABEL = Buffer.from('countersign/audit-payload/v1\n');
/** Below this the database keeps the row in one page anyway, and compressing costs more than it saves. */
const COMPRESS_FROM_BYTES = 4096;
const FAST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** RFC 8878 section 3.1.1. A JSON text never begins like this, so the sealed bytes say themselves what they are. */
const ZSTD_MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);

/** The key that seals one event's payload. Needs the salt and the master key: either alone opens nothing. */
export function payloadKey(masterKey: Uint8Array, salt: Uint8Array): Buffer {
  return hmacSha256(masterKey, Buffer.concat([LABEL, salt]), 'buffer');
}

/**
 * Seals canonical JSON text, bound to its event. Large ones are compressed first: 64 KiB of arguments otherwise pass
 * through the database twice, as inbox row and as payload, at three times the cost of the whole call.
 */
export function sealPayload(masterKey: Uint8Array, salt: Uint8Array, eventId: string, json: string): Buffer {
  const plain = json.length < COMPRESS_FROM_BYTES ? json : zstdCompressSync(json, FAST);
  return seal(payloadKey(masterKey, salt), plain, eventId);
}

/** Opens what `sealPayload` made. Throws on another key, salt or event, or a changed byte. */
export function openPayload(masterKey: Uint8Array, salt: Uint8Array, eventId: string, sealed: Uint8Array): string {
  const plain = open(payloadKey(masterKey, salt), sealed, eventId);
  const isCompressed = plain.subarray(0, ZSTD_MAGIC.length).equals(ZSTD_MAGIC);
  return (isCompressed ? zstdDecompressSync(plain) : plain).toString('utf8');
}
