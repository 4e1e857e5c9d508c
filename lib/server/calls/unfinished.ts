// Server-only. Requests that this process consumed and could not close, because the database was away at that moment.
import type pg from 'pg';
import { type FinishInput, finishRequest } from '../approvals/finish-request.ts';
import type { Log } from '../log.ts';

const RETRY_MS = 1_000;

export type Unfinished = {
  /**
   * Closes the request as soon as the database answers; one that was not consumed after all is left alone. `isMoot` is
   * asked right before each try.
   */
  closeLater(input: FinishInput, isMoot?: () => boolean): void;
  size(): number;
  /** Tries once more, then gives up: the worker closes what a dead process leaves. */
  close(): Promise<void>;
};

/**
 * Keeps trying. Without it such a request would read "consumed" for as long as this process lives, since the worker
 * closes only what dead processes leave behind.
 */
export function createUnfinished(pool: pg.Pool, log: Log): Unfinished {
  const waiting = new Map<string, { readonly input: FinishInput; readonly isMoot: () => boolean }>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> = Promise.resolve();

  async function tryAll(): Promise<void> {
    for (const [requestId, { input, isMoot }] of waiting) {
      try {
        if (!isMoot()) await finishRequest(pool, input);
        waiting.delete(requestId);
      } catch (error) {
        log.warn({ err: error, requestId }, 'a request could not be closed yet');
        return;
      }
    }
  }
  const again = () => {
    timer = null;
    running = tryAll().then(() => {
      if (waiting.size > 0) timer ??= setTimeout(again, RETRY_MS);
    });
  };

  return {
    closeLater: (input, isMoot = () => false) => {
      waiting.set(input.requestId, { input, isMoot });
      timer ??= setTimeout(again, RETRY_MS);
    },
    size: () => waiting.size,
    close: async () => {
      if (timer !== null) clearTimeout(timer);
      await running;
      if (timer !== null) clearTimeout(timer);
      await tryAll();
    },
  };
}
