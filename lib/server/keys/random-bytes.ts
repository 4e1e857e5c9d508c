// Server-only. Random bytes in small portions, drawn from the system in large ones.
import { randomFillSync } from 'node:crypto';

const POOL_BYTES = 8 * 1024;

const pool = Buffer.alloc(POOL_BYTES);
let used = POOL_BYTES;

/**
 * Bytes from the system's generator, never given twice: a portion is blotted out of the pool as it leaves, so that a copy
 * of the process's memory holds no nonce or salt of the past. A draw of its own for every salt cost 3% of the gateway.
 */
export function freshRandom(bytes: number): Buffer {
  if (bytes > POOL_BYTES) throw new RangeError('more random bytes at once than the pool holds');
  if (used + bytes > POOL_BYTES) {
    randomFillSync(pool);
    used = 0;
  }
  const portion = Buffer.allocUnsafe(bytes);
  pool.copy(portion, 0, used, used + bytes);
  pool.fill(0, used, used + bytes);
  used += bytes;
  return portion;
}
