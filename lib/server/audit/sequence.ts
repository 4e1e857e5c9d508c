// Server-only. The sequencer: one leader a log, others stand by; inbox rows become entries of the Merkle tree.
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log.ts';
import { checkWitness, type HeadWitness, LogRolledBackError } from './head-witness.ts';
import { type Reign, takeLog } from './reign.ts';
import type { LogSigning } from './sign-checkpoint.ts';

export type SequencerOptions = {
  readonly databaseUrl: string;
  readonly signing: LogSigning;
  readonly log: Log;
  /** Remembers the newest published head outside the database; a restored old backup is then refused. */
  readonly witness?: HeadWitness;
  /** Called once when the log is found not to be what this host has seen. */
  readonly onRolledBack?: () => Promise<void>;
  readonly batchRows?: number;
};

export type Sequencer = { readonly stop: () => Promise<void> };

const FLUSH_ROWS = 500;
const FLUSH_MS = 200;
const BATCH_ROWS = 1000;
const PUBLISH_MS = 500;
const IDLE_PUBLISH_MS = 55_000;
const STANDBY_MS = 500;
const LAST_RETRY_MS = 5_000;

/**
 * Runs until stopped: takes the log when nobody has it, drains, signs, and begins anew with a fresh connection after any
 * failure, because nothing in memory may outlive a transaction that did not commit. Any number of processes may run it.
 */
export function startSequencer(options: SequencerOptions): Sequencer {
  const stopping = new AbortController();
  const running = keepSequencing(options, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function keepSequencing(options: SequencerOptions, signal: AbortSignal): Promise<void> {
  let retryMs = STANDBY_MS;
  let isAlarmed = false;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: options.databaseUrl,
      application_name: 'countersign-sequencer',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    // The next statement reports a lost connection; unheard, the event would end the process.
    client.on('error', () => undefined);
    try {
      await client.connect();
      await reign(client, options, signal);
      retryMs = STANDBY_MS;
    } catch (error) {
      options.log.error({ err: error }, 'the audit sequencer begins anew');
      if (error instanceof LogRolledBackError && !isAlarmed) isAlarmed = await alarm(options);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
    await pause(retryMs, signal);
  }
}

/** Whether somebody was told; else the next attempt tells. */
async function alarm({ onRolledBack, log }: SequencerOptions): Promise<boolean> {
  try {
    await onRolledBack?.();
    return true;
  } catch (error) {
    log.error({ err: error }, 'no incident could be opened for the log');
    return false;
  }
}

async function reign(client: pg.Client, options: SequencerOptions, signal: AbortSignal): Promise<void> {
  let log: Reign | null = null;
  while (log === null) {
    if (signal.aborted) return;
    log = await takeLog(client);
    if (log === null) await pause(STANDBY_MS, signal);
  }
  await checkWitness(client, options.witness);
  options.log.info({ size: log.size() }, 'this process sequences the audit log');
  let publishedSize = -1;
  let publishedAt = Number.NEGATIVE_INFINITY;
  for (;;) {
    const startedAt = performance.now();
    const count = await log.sequence(options.batchRows ?? BATCH_ROWS);
    const sincePublished = performance.now() - publishedAt;
    const isNews = log.size() !== publishedSize;
    // Stopping signs once more, so that the last events of a process are provable at once.
    const isLast = signal.aborted && count === 0;
    if ((isNews && (sincePublished >= PUBLISH_MS || isLast)) || sincePublished >= IDLE_PUBLISH_MS) {
      const head = await log.publish(options.signing);
      options.witness?.save(head);
      publishedSize = head.size;
      publishedAt = performance.now();
    }
    if (isLast) return;
    if (count < FLUSH_ROWS && !signal.aborted) await pause(FLUSH_MS - (performance.now() - startedAt), signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) return;
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
