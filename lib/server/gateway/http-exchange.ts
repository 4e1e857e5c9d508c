// Server-only. One POST to an upstream over undici's dispatch: no fetch, no streams, one handler object.
import type { Dispatcher, Pool } from 'undici';
import { createSseReader, type SseReader } from './sse-events.ts';

const DRAIN_MS = 1_000;
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

export type ExchangeEvents = {
  /** Right before the request is written to a socket. False keeps it from being written. */
  mayWrite(): boolean;
  /** The status and the headers we read. Return false to stop. */
  onHead(status: number, sessionId: string | undefined): boolean;
  /** One JSON message: the body, or the data of one event of a stream. */
  onMessage(json: string): void;
  onEnd(): void;
  onError(error: Error): void;
};

export type Exchange = {
  /** Ends it; nothing is reported any more. */
  abort(): void;
  /** The answer is there: lets the upstream end its stream by itself, for the connection's sake, but not for long. */
  drain(): void;
  isWritten(): boolean;
};

/** Refused at the last moment: the kill switch, or a lease that ran out while the request waited for a socket. */
export class NotWritten extends Error {
  override name = 'NotWritten';
}

/** Sends one body and reports what comes back. After `abort` nothing is reported. */
export function exchange(pool: Pool, options: Dispatcher.DispatchOptions, events: ExchangeEvents): Exchange {
  const handler = new ExchangeHandler(events);
  pool.dispatch(options, handler);
  return handler;
}

class ExchangeHandler implements Dispatcher.DispatchHandler, Exchange {
  readonly #events: ExchangeEvents;
  #controller: Dispatcher.DispatchController | null = null;
  #sse: SseReader | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #done = false;
  #written = false;

  constructor(events: ExchangeEvents) {
    this.#events = events;
  }

  abort(): void {
    if (this.#done) return;
    this.#done = true;
    this.#controller?.abort(new Error('The call was cut.'));
  }

  drain(): void {
    if (!this.#done && this.#sse !== null) setTimeout(() => this.abort(), DRAIN_MS).unref();
  }

  isWritten(): boolean {
    return this.#written;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#done || !this.#events.mayWrite()) throw new NotWritten('The call may not be written any more.');
    this.#controller = controller;
    this.#written = true;
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.#done || status < 200) return;
    if (isEventStream(headers['content-type'])) this.#sse = createSseReader();
    const session = headers['mcp-session-id'];
    if (!this.#events.onHead(status, typeof session === 'string' ? session : undefined)) {
      this.#done = true;
      controller.abort(new Error('The answer is not wanted.'));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#done) return;
    try {
      if (this.#sse !== null) {
        this.#sse.push(chunk, (data) => {
          if (!this.#done) this.#events.onMessage(data);
        });
        return;
      }
      this.#bytes += chunk.length;
      if (this.#bytes > MOST_ANSWER_BYTES) throw new Error('The answer of the upstream is too large.');
      this.#chunks.push(chunk);
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('The answer cannot be read.', { cause: error }));
      controller.abort(new Error('The answer cannot be read.'));
    }
  }

  onResponseEnd(): void {
    if (this.#done) return;
    try {
      if (this.#sse === null && this.#bytes > 0) {
        const [only] = this.#chunks;
        const body = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
        this.#events.onMessage(body.toString('utf8'));
      }
    } catch (error) {
      this.#fail(error instanceof Error ? error : new Error('The answer cannot be read.', { cause: error }));
      return;
    }
    if (this.#done) return;
    this.#done = true;
    this.#events.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#done) return;
    this.#done = true;
    this.#events.onError(error);
  }
}

function isEventStream(contentType: string | string[] | undefined): boolean {
  return typeof contentType === 'string' && /^text\/event-stream[ \t]*(?:;|$)/i.test(contentType);
}
