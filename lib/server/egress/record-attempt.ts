// Server-only. Where everybody went or tried to go, written in batches beside the calls.
import type { EgressVerdict } from '#lib/contracts/egress-attempts.ts';
import type { Database } from '../db/prisma.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Log } from '../log.ts';
import { type CountedAttempt, writeAttempts } from './write-attempts.ts';

/** One attempt as the gateway or the proxy saw it. `host` is attacker text; `reason` is ours. */
export type AttemptNote = {
  readonly identity: string;
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly verdict: EgressVerdict;
  readonly reason: string | null;
  readonly bytesOut?: number;
  readonly bytesIn?: number;
  /** 0 when only bytes are added to a connection that was noted when it began. */
  readonly count?: number;
};

export type AttemptBook = {
  /** Synchronous, bounded and never throws: a verdict does not wait for its note. */
  note(attempt: AttemptNote): void;
  /** Writes what was noted; keeps it when the database is away. */
  flush(): Promise<void>;
  /** Writes once more and stops. */
  close(): Promise<void>;
};

export type AttemptBookDeps = {
  readonly prisma: Database;
  readonly keys: Pick<Keys, 'masterKey'>;
  readonly log?: Pick<Log, 'warn' | 'error'>;
};

const FLUSH_AFTER_MS = 500;
/** An agent that invents host names must not fill the memory, nor push out what others did. */
const MOST_DESTINATIONS_OF_ONE = 500;
const MOST_DESTINATIONS = 5_000;
const MOST_HOST_CHARACTERS = 253;

/**
 * Makes the book of attempts: one row per identity, destination and verdict, counted. Refusals are audit events too, the
 * first in a minute per destination. Notes are lost only with the process, at most half a second of them.
 */
export function createAttemptBook(deps: AttemptBookDeps): AttemptBook {
  let pending = new Map<string, CountedAttempt>();
  let heldBy = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let running: Promise<void> | null = null;
  let left = 0;
  let closed = false;

  function add(counted: CountedAttempt): void {
    const key = JSON.stringify([counted.identity, counted.verdict, counted.scheme, counted.host, counted.port]);
    const known = pending.get(key);
    if (known !== undefined) {
      known.count += counted.count;
      known.bytesOut += counted.bytesOut;
      known.bytesIn += counted.bytesIn;
      known.reason = counted.reason ?? known.reason;
      return;
    }
    const held = heldBy.get(counted.identity) ?? 0;
    if (held >= MOST_DESTINATIONS_OF_ONE || pending.size >= MOST_DESTINATIONS) {
      left++;
      return;
    }
    heldBy.set(counted.identity, held + 1);
    pending.set(key, counted);
  }

  function schedule(): void {
    if (timer !== null || closed) return;
    timer = setTimeout(() => void flush(), FLUSH_AFTER_MS);
    timer.unref();
  }

  async function writeOnce(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    if (left > 0) deps.log?.warn({ left }, 'destinations were left out of the list of attempts: too many at once');
    left = 0;
    const batch = [...pending.values()];
    pending = new Map();
    heldBy = new Map();
    if (batch.length === 0) return;
    try {
      await writeAttempts(deps, batch);
    } catch (error) {
      deps.log?.error({ err: error, attempts: batch.length }, 'attempts could not be written and are kept');
      for (const counted of batch) add(counted);
      schedule();
    }
  }

  function flush(): Promise<void> {
    // One at a time: two writers of the same rows would only wait for each other.
    const next = (running ?? Promise.resolve()).then(writeOnce);
    running = next;
    return next;
  }

  return {
    note: (attempt) => {
      add({
        identity: attempt.identity,
        scheme: attempt.scheme.slice(0, 16),
        host: storable(attempt.host.slice(0, MOST_HOST_CHARACTERS)),
        port: attempt.port,
        verdict: attempt.verdict,
        reason: attempt.reason,
        count: attempt.count ?? 1,
        bytesOut: attempt.bytesOut ?? 0,
        bytesIn: attempt.bytesIn ?? 0,
      });
      schedule();
    },
    flush,
    close: async () => {
      closed = true;
      await flush();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

/** Postgres takes neither NUL nor half a character; one such host must not lose the whole batch. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\u{fffd}');
}
