// Server-only. The gateway's short-lived proof that it has heard "not killed" from the primary.
import pg from 'pg';
import { leaseValid } from '#lib/core/kill-switch/lease.ts';
import { type KillScope, parseScope } from '#lib/core/kill-switch/scopes.ts';
import type { Log } from '../log.ts';

const RENEW_MS = 250;
/** A renewal that takes longer than this is given up with its connection: an answer that late proves nothing. */
const GIVE_UP_MS = 2_000;

const RENEW_SQL = `SELECT h.epoch::text AS epoch, c.version::text AS config, pg_is_in_recovery() AS standby,
  extract(epoch FROM clock_timestamp())::float8 * 1000 AS now_ms,
  coalesce((SELECT array_agg(k.scope) FROM kill_state k WHERE k."on"), '{}') AS scopes
  FROM kill_head h, config_head c WHERE h.id = 1 AND c.id = 1`;

type Reading = { epoch: string; config: string; standby: boolean; scopes: string[]; now_ms: number };

export type LeaseEvents = {
  /** The epoch moved, or the set of active scopes did. */
  readonly onKillState: (state: { readonly epoch: bigint; readonly scopes: readonly KillScope[] }) => void;
  /** The configuration version that the primary reports. */
  readonly onConfigVersion: (version: bigint) => void;
};

export type Lease = {
  /** Whether a call may be dispatched at this moment, as far as hearing from the primary goes. */
  isValid(): boolean;
  epoch(): bigint;
  scopes(): readonly KillScope[];
  /** The database's time in milliseconds, from its last answer on: at most a round trip ahead, never behind. */
  databaseNowMs(): number;
  /** Renews now; used when a notification or a refused consume says that the epoch moved. */
  renew(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Keeps the lease: one small query each 250 ms on a connection of its own.
 *
 * The deadline counts from the moment the query was *sent*, on the monotonic clock, because the answer may have been
 * under way while somebody killed. A standby's answer and an epoch lower than one already seen (a late-promoted replica)
 * renew nothing. Until the first answer there is no lease.
 */
export function startLease(databaseUrl: string, events: LeaseEvents, log: Log): Lease {
  let client: pg.Client | null = null;
  let sentAtMs = Number.NEGATIVE_INFINITY;
  let epoch = -1n;
  let aheadMs = Number.NaN;
  let scopeKey = '';
  let scopes: readonly KillScope[] = [];
  let running: Promise<void> | null = null;
  let closed = false;
  let complained = false;

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({
      connectionString: databaseUrl,
      application_name: 'countersign-lease',
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

  async function renewOnce(): Promise<void> {
    try {
      client ??= await connect();
      const sent = performance.now();
      const { rows } = await client.query<Reading>({ name: 'lease', text: RENEW_SQL });
      const reading = rows[0];
      if (reading !== undefined) accept(reading, sent);
      complained = false;
    } catch (error) {
      if (!complained && !closed) log.error({ err: error }, 'the kill-switch lease could not be renewed');
      complained = true;
      const lost = client;
      client = null;
      await lost?.end().catch(() => undefined);
    }
  }

  function accept(reading: Reading, sent: number): void {
    const read = BigInt(reading.epoch);
    if (reading.standby || read < epoch) {
      log.error({ standby: reading.standby }, 'the database that answered is not the primary we knew; no lease');
      return;
    }
    // State first, then validity: nobody may see a renewed lease beside the scopes of the old reading.
    const key = reading.scopes.toSorted().join('\n');
    if (read !== epoch || key !== scopeKey) {
      epoch = read;
      scopeKey = key;
      scopes = reading.scopes.map((text) => {
        const scope = parseScope(text);
        return scope.ok ? scope.value : { kind: 'everything' };
      });
      events.onKillState({ epoch, scopes });
    }
    sentAtMs = Math.max(sentAtMs, sent);
    aheadMs = reading.now_ms - sent;
    events.onConfigVersion(BigInt(reading.config));
  }

  function renew(): Promise<void> {
    running ??= renewOnce().finally(() => {
      running = null;
    });
    return running;
  }

  void renew();
  const timer = setInterval(() => void renew(), RENEW_MS);

  return {
    isValid: () => leaseValid({ sentAtMonoMs: sentAtMs, nowMonoMs: performance.now() }),
    epoch: () => epoch,
    scopes: () => scopes,
    databaseNowMs: () => (Number.isNaN(aheadMs) ? Date.now() : performance.now() + aheadMs),
    renew: async () => {
      // A renewal already under way may have been sent before what the caller heard of: wait for it, then ask anew.
      if (running !== null) await running;
      await renew();
    },
    close: async () => {
      closed = true;
      clearInterval(timer);
      await running;
      await client?.end().catch(() => undefined);
      client = null;
    },
  };
}
