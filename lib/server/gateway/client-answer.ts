// Server-only. The answer to one POST: plain JSON where it comes at once, an event stream where something happens first.
import type { IncomingMessage, ServerResponse } from 'node:http';

export type ClientAnswer = {
  /** Turns the answer into an event stream, if the client takes one. Returns whether it is one. */
  stream(): boolean;
  /** Sends a message before the final one; dropped when the client takes JSON only, or does not read what it was sent. */
  event(json: string): void;
  /** Keeps the connection alive while nothing happens. */
  comment(): void;
  /** The final message. Later calls do nothing. */
  finish(json: string): void;
  /** Ends the stream with nothing more to say. */
  isOpen(): boolean;
  onDetached(listener: () => void): void;
};

/** What may wait for a client that does not read: an upstream could otherwise fill our memory with notifications. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

/** Wraps a response. The session id, if any, rides on the head. */
export function createClientAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>> = {},
): ClientAnswer {
  const takesStream = request.headers.accept?.includes('text/event-stream') === true;
  let streaming = false;
  let open = true;

  response.on('close', () => {
    open = false;
  });

  const stream = () => {
    if (!streaming && takesStream && open && !response.headersSent) {
      streaming = true;
      response.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        ...headers,
      });
      response.flushHeaders();
    }
    return streaming;
  };
  const write = (json: string) => {
    // A line break inside the message would end the data line; between JSON tokens it is only white space.
    const line = json.includes('\n') || json.includes('\r') ? json.replaceAll(/[\r\n]/g, ' ') : json;
    response.write(`event: message\ndata: ${line}\n\n`);
  };

  return {
    stream,
    event: (json) => {
      if (open && stream() && response.writableLength < MOST_UNREAD_BYTES) write(json);
    },
    comment: () => {
      if (open && streaming) response.write(': waiting\n\n');
    },
    finish: (json) => {
      if (!open) return;
      open = false;
      if (streaming) {
        write(json);
        response.end();
        return;
      }
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(json),
        ...headers,
      });
      response.end(json);
    },
    isOpen: () => open,
    onDetached: (listener) => {
      response.on('close', () => {
        if (!response.writableFinished) listener();
      });
    },
  };
}
