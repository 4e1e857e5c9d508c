// Newline-delimited messages from a stream, as MCP's stdio transport has them.

const LF = 0x0a;
/** Far more than the gateway takes; a line beyond it can only be an accident or an attack on our memory. */
const MOST_LINE_BYTES = 8 * 1024 * 1024;

/** Yields each line without its break; `null` stands for one that was too long and has been dropped. */
export async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string | null> {
  let kept: Buffer[] = [];
  let bytes = 0;
  for await (const piece of stream) {
    const chunk = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    let from = 0;
    for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, from)) {
      const tail = chunk.subarray(from, at);
      const isTooLong = bytes + tail.length > MOST_LINE_BYTES;
      const line = isTooLong ? null : Buffer.concat([...kept, tail]).toString('utf8');
      kept = [];
      bytes = 0;
      from = at + 1;
      if (line === null || line.trim() !== '') yield line;
    }
    const rest = chunk.subarray(from);
    bytes += rest.length;
    if (bytes <= MOST_LINE_BYTES) kept.push(rest);
    else kept = [];
  }
  const last = Buffer.concat(kept).toString('utf8');
  if (bytes <= MOST_LINE_BYTES && last.trim() !== '') yield last;
}
