import { utf8 } from '#lib/core/hash/bytes.ts';
import { startSha256 } from '#lib/core/hash/sha256.ts';

/** A few milliseconds of work on a slow telephone. */
const TURN_BYTES = 128 * 1024;

/**
 * Hex SHA-256 of a text, a piece at a time with the page's other work in between, so that a long one holds up no key and no
 * frame. Rejects when it is called off.
 */
export async function hashInTurns(text: string, signal: AbortSignal): Promise<string> {
  const running = startSha256();
  await turn();
  const bytes = utf8(text);
  for (let at = 0; at < bytes.length; at += TURN_BYTES) {
    signal.throwIfAborted();
    running.update(bytes.subarray(at, at + TURN_BYTES));
    await turn();
  }
  signal.throwIfAborted();
  return running.hex();
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
