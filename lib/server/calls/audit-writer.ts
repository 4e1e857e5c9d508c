// Server-only. The gateway's way into the log: one connection, one statement in flight, everything else waits for the next.
import pg from 'pg';
import type { InboxRow } from '../audit/record-event.ts';
import type { Log } from '../log.ts';
import { binaryArray } from './binary-array.ts';

const BATCH_CAP = 512;
/** Beyond this the database is not keeping up; waiting calls would only grow the heap. */
const QUEUE_CAP = 20_000;
const GIVE_UP_MS = 5_000;
/** The longest that an outcome waits for somebody's intent to ride with. */
const RIDE_MS = 50;
const INSERT_SQL =
  'INSERT INTO audit_inbox (event, salt, payload) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[])';

/** The row may not have been written. Whoever needed it denies. */
export class AuditUnavailable extends Error {
  override name = 'AuditUnavailable';
}

export type AuditWriter = {
  /** Resolves once the row is committed. Rejects when it may not be: the caller denies, or reads `unknown-outcome`. */
  append(row: InboxRow): Promise<void>;
  /**
   * Rides the next commit, which it does not cause: a commit of its own would make the next intent wait for it. Only
   * for what may read `unknown-outcome` after a crash.
   */
  appendLater(row: InboxRow): void;
  waiting(): number;
  /** Writes what is queued, then lets the connection go. */
  close(): Promise<void>;
};

type Entry = { readonly row: InboxRow; readonly done: ((error: Error | null) => void) | null };

const eventOf = (entry: Entry) => entry.row.event;
const saltOf = (entry: Entry) => entry.row.salt;
const payloadOf = (entry: Entry) => entry.row.payload;

/**
 * Groups rows into commits without a timer: a batch is whatever came while the last one was in flight.
 *
 * One writer, because two would halve the batches and double the fsyncs. A statement that fails or takes too long
 * rejects its whole batch, since nobody can tell which rows the database kept.
 */
export function createAuditWriter(databaseUrl: string, log: Log): AuditWriter {
  let queue: Entry[] = [];
  /** How many in the queue somebody waits for. */
  let urgent = 0;
  /** The oldest outcome has waited long enough: it goes even if no intent comes. */
  let overdue = false;
  let ride: NodeJS.Timeout | null = null;
  let flushing = false;
  let client: pg.Client | null = null;
  let closed = false;
  let idle: (() => void) | null = null;

  const depart = () => {
    ride = null;
    overdue = true;
    if (!flushing && queue.length > 0) void flush();
  };

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'countersign-audit',
      connectionTimeoutMillis: GIVE_UP_MS,
      query_timeout: GIVE_UP_MS,
      keepAlive: true,
    });
    next.on('error', () => {
      if (client === next) client = null;
    });
    await next.connect();
    return next;
  }

  async function write(batch: readonly Entry[]): Promise<void> {
    client ??= await connect();
    const values = [
      binaryArray('text', batch.map(eventOf)),
      binaryArray('bytea', batch.map(saltOf)),
      binaryArray('bytea', batch.map(payloadOf)),
    ];
    await client.query({ name: 'audit-append', text: INSERT_SQL, values });
  }

  async function flush(): Promise<void> {
    flushing = true;
    while (queue.length > 0 && (urgent > 0 || overdue)) {
      const batch = queue.length <= BATCH_CAP ? queue : queue.slice(0, BATCH_CAP);
      queue = queue.length <= BATCH_CAP ? [] : queue.slice(BATCH_CAP);
      for (const entry of batch) if (entry.done !== null) urgent--;
      overdue = closed;
      try {
        await write(batch);
        for (const entry of batch) entry.done?.(null);
      } catch (cause) {
        const error = new AuditUnavailable('The audit inbox did not take the rows.', { cause });
        log.error({ err: cause, rows: batch.length }, 'audit rows could not be written');
        const lost = client;
        client = null;
        await lost?.end().catch(() => undefined);
        for (const entry of batch) entry.done?.(error);
      }
    }
    flushing = false;
    if (queue.length > 0) ride ??= setTimeout(depart, RIDE_MS);
    idle?.();
  }

  function enqueue(entry: Entry): void {
    if (closed || queue.length >= QUEUE_CAP) {
      entry.done?.(new AuditUnavailable(closed ? 'The audit writer is closed.' : 'Too many audit rows are waiting.'));
      if (entry.done === null) log.error('an outcome could not be recorded; it will read unknown-outcome');
      return;
    }
    queue.push(entry);
    if (entry.done !== null) urgent++;
    if (flushing) return;
    if (entry.done !== null) void flush();
    else ride ??= setTimeout(depart, RIDE_MS);
  }

  return {
    append: (row) =>
      new Promise((resolve, reject) => {
        enqueue({ row, done: (error) => (error === null ? resolve() : reject(error)) });
      }),
    appendLater: (row) => enqueue({ row, done: null }),
    waiting: () => queue.length,
    close: async () => {
      closed = true;
      if (ride !== null) clearTimeout(ride);
      depart();
      if (flushing) {
        await new Promise<void>((resolve) => {
          idle = resolve;
        });
      }
      await client?.end().catch(() => undefined);
      client = null;
    },
  };
}
