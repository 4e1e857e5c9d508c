// Server-only. Splits a text/event-stream into the data of its events (WHATWG HTML, section 9.2.6).

const MOST_BUFFERED = 64 * 1024 * 1024;
const LF = 0x0a;
const CR = 0x0d;

export type SseReader = {
  /** Takes bytes as they come and reports each complete event's data. Throws when one event grows beyond all bounds. */
  push(chunk: Buffer, onData: (data: string) => void): void;
};

/** Only `data` lines matter here: ids and event names of an upstream are its own business and are not passed on. */
export function createSseReader(): SseReader {
  let rest: Buffer = Buffer.alloc(0);
  return {
    push: (chunk, onData) => {
      let buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (;;) {
        const end = blockEnd(buffer);
        if (end === null) break;
        const data = dataOf(buffer.toString('utf8', 0, end.at));
        buffer = buffer.subarray(end.next);
        if (data !== null) onData(data);
      }
      if (buffer.length > MOST_BUFFERED) throw new Error('An event of the upstream is too large.');
      rest = buffer;
    },
  };
}

/** Where the blank line after an event begins, and what follows it. */
function blockEnd(buffer: Buffer): { readonly at: number; readonly next: number } | null {
  for (let at = buffer.indexOf(LF); at !== -1; at = buffer.indexOf(LF, at + 1)) {
    if (buffer[at + 1] === LF) return { at, next: at + 2 };
    if (buffer[at + 1] === CR && buffer[at + 2] === LF) return { at, next: at + 3 };
  }
  return null;
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
