// Server-only. Splits a text/event-stream into the data of its events (WHATWG HTML, section 9.2.6).

const MOST_BUFFERED = 64 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

export type SseReader = {
  /** Takes bytes as they come and reports each complete event's data. Throws when one event grows beyond all bounds. */
  push(chunk: Buffer, onData: (data: string) => void): void;
};

/**
 * Only `data` lines matter here: ids and event names of an upstream are its own business and are not passed on.
 * Every byte is looked at once, however the upstream cuts its events: looking again at what was kept would let one that
 * never ends an event stop the process for minutes.
 */
export function createSseReader(): SseReader {
  let kept: Buffer[] = [];
  let keptBytes = 0;
  /** Bytes of the unfinished line at the end of what is kept, and the last of them. */
  let lineBytes = 0;
  let lastByte = 0;

  const takeBlock = (tail: Buffer): string => {
    const block = kept.length === 0 ? tail : Buffer.concat([...kept, tail]);
    kept = [];
    keptBytes = 0;
    return block.toString('utf8');
  };

  return {
    push: (chunk, onData) => {
      let blockStart = 0;
      let lineStart = 0;
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) {
        const length = lineBytes + at - lineStart;
        const last = at > lineStart ? chunk[at - 1] : lastByte;
        lineBytes = 0;
        lineStart = at + 1;
        if (length > 1 || (length === 1 && last !== CR)) continue;
        const data = dataOf(takeBlock(chunk.subarray(blockStart, at)));
        blockStart = at + 1;
        if (data !== null) onData(data);
      }
      lineBytes += chunk.length - lineStart;
      lastByte = chunk.at(-1) ?? lastByte;
      if (blockStart === chunk.length) return;
      kept.push(chunk.subarray(blockStart));
      keptBytes += chunk.length - blockStart;
      if (keptBytes > MOST_BUFFERED) throw new Error('An event of the upstream is too large.');
    },
  };
}

function dataOf(block: string): string | null {
  const lines: string[] = [];
  for (const line of block.split(/\r\n|\n|\r/)) {
    if (!line.startsWith('data:')) continue;
    lines.push(line.startsWith('data: ') ? line.slice(6) : line.slice(5));
  }
  // Servers with an event store send an event without data first, so that a client learns an id to resume from.
  const data = lines.join('\n');
  return data === '' ? null : data;
}
