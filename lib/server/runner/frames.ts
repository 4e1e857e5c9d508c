// Server-only. What runs over the runner's socket: a length, a kind, a payload. Neither side keeps more than one frame.

export const FRAMES = {
  /** To the runner: JSON, which child is wanted. Once, first. */
  start: 1,
  /** To the runner: JSON, what is asked about the children. Once, first, instead of `start`. */
  ask: 2,
  /** To the runner: bytes for the child's stdin. */
  input: 3,
  /** To the runner: end the child, with a moment to do so. */
  stop: 4,
  /** To the runner: end it now. */
  kill: 5,
  /** From the runner: the child runs. */
  started: 16,
  /** From the runner: JSON, why it does not. */
  refused: 17,
  /** From the runner: bytes of the child's stdout. */
  output: 18,
  /** From the runner: JSON, how it ended. */
  exited: 19,
  /** From the runner: JSON, the answer to `ask`. */
  answer: 20,
} as const;

const HEAD_BYTES = 5;
/** Payloads above this are a broken or hostile peer; longer input is written in pieces. */
export const MOST_PAYLOAD_BYTES = 1024 * 1024;
export const PIECE_BYTES = 256 * 1024;

/** One frame as bytes. */
export function frame(kind: number, payload: Buffer | string = ''): Buffer {
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  head.writeUInt32BE(body.length, 0);
  head.writeUInt8(kind, 4);
  return Buffer.concat([head, body]);
}

/**
 * Takes bytes as they arrive and calls back for every whole frame. Answers false for a frame above the bound: the
 * connection is then to be cut, because nothing after it can be trusted to be a frame.
 */
export function createFrameReader(onFrame: (kind: number, payload: Buffer) => void): (chunk: Buffer) => boolean {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let wanted = HEAD_BYTES;
  return (chunk) => {
    kept.push(chunk);
    keptBytes += chunk.length;
    while (keptBytes >= wanted) {
      const all = kept.length === 1 && kept[0] !== undefined ? kept[0] : Buffer.concat(kept);
      const length = all.readUInt32BE(0);
      if (length > MOST_PAYLOAD_BYTES) return false;
      wanted = HEAD_BYTES + length;
      kept = [all];
      if (keptBytes < wanted) break;
      onFrame(all.readUInt8(4), all.subarray(HEAD_BYTES, wanted));
      kept = [all.subarray(wanted)];
      keptBytes -= wanted;
      wanted = HEAD_BYTES;
    }
    return true;
  };
}
