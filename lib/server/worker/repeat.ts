// Server-only. A step that comes round again, whatever happened to it the last time.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';

export type Step = {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
};

const LONGEST_BACKOFF_MS = 30_000;

/**
 * Runs the step now and then every `everyMs` until stopped, never twice at once. A step that throws is logged and tried
 * again with a growing pause: the database may be away, and the worker must be there when it comes back. Resolves when
 * the last run has ended.
 */
export async function repeat(step: Step, log: Log, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await step.run();
      failures = 0;
    } catch (error) {
      failures += 1;
      log.error({ err: error, step: step.name, failures }, 'a worker step failed and will be tried again');
    }
    const backoff = failures === 0 ? step.everyMs : Math.min(step.everyMs * 2 ** failures, LONGEST_BACKOFF_MS);
    await sleep(Math.max(backoff, step.everyMs), undefined, { signal }).catch(() => undefined);
  }
}
