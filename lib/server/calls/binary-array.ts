// Server-only. Arrays in PostgreSQL's binary format.

const OID = { text: 25, bytea: 17 } as const;
const HEADER_BYTES = 20;

/**
 * Writes a one-dimensional array as PostgreSQL receives it in binary (array_recv): no hex, no quoting, one buffer.
 * node-postgres sends a Buffer parameter in binary format; the statement must cast it to `text[]` or `bytea[]`.
 */
export function binaryArray(type: 'text' | 'bytea', items: readonly (string | Uint8Array | null)[]): Buffer {
  let bytes = HEADER_BYTES;
  let hasNull = 0;
  for (const item of items) {
    bytes += 4;
    if (item === null) hasNull = 1;
    else bytes += typeof item === 'string' ? Buffer.byteLength(item) : item.length;
  }
  const buffer = Buffer.allocUnsafe(bytes);
  buffer.writeInt32BE(1, 0);
  buffer.writeInt32BE(hasNull, 4);
  buffer.writeInt32BE(OID[type], 8);
  buffer.writeInt32BE(items.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const item of items) {
    if (item === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const start = at + 4;
    if (typeof item === 'string') at = start + buffer.write(item, start);
    else {
      buffer.set(item, start);
      at = start + item.length;
    }
    buffer.writeInt32BE(at - start, start - 4);
  }
  return buffer;
}
