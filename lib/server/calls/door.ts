// Server-only. One door per process: everything `enforceCall` needs, started together and closed together.
import { randomUUIDv7 } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import pg from 'pg';
import { buildInboxRow } from '../audit/record-event.ts';
import type { KnownSecrets } from '../credentials/known-secrets.ts';
import { listen } from '../db/listen.ts';
import type { AttemptBook } from '../egress/record-attempt.ts';
import type { Env } from '../env.ts';
import { createGrantBook } from '../grants/grant-book.ts';
import { createGrantSpender } from '../grants/grant-spender.ts';
import type { Keys } from '../keys/load-keys.ts';
import { watchKillFile } from '../kill-switch/kill-file.ts';
import { startLease } from '../kill-switch/lease.ts';
import type { Log } from '../log.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { createSnapshotStore } from '../snapshot/snapshot-store.ts';
import type { Authorised, CallAttempt, CallOutcome, Enforced, StepRefusal } from './attempt.ts';
import { type AuditWriter, createAuditWriter } from './audit-writer.ts';
import { createReachCheck } from './check-reach.ts';
import { checkSession } from './check-session.ts';
import { checkSwitch } from './check-switch.ts';
import { createConsumptions } from './consumptions.ts';
import type { DoorParts } from './door-parts.ts';
import { enforceCall } from './enforce-call.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createHoldRegistry } from './hold-registry.ts';
import { createInFlight, type InFlight } from './in-flight.ts';
import { recordOutcome } from './record-outcome.ts';
import { createTaints } from './taints.ts';
import { createUnfinished } from './unfinished.ts';
import { createArgumentValidator } from './validate-arguments.ts';

export type DoorOptions = {
  readonly databaseUrl: string;
  readonly keys: Keys;
  readonly env: Pick<Env, 'dataDir' | 'consoleUrl' | 'gatewayUrl'>;
  readonly kind: 'gateway' | 'console';
  readonly log: Log;
  /** Hears of destinations that step 5 refused. */
  readonly noteAttempt?: AttemptBook['note'];
  /** The secrets that no call may hold. */
  readonly knownSecrets?: KnownSecrets;
};

export type Door = {
  readonly bootId: string;
  readonly keys: Keys;
  /** For single statements beside the calls (never for configuration, which the snapshot holds). */
  readonly pool: pg.Pool;
  readonly audit: AuditWriter;
  readonly inFlight: InFlight;
  snapshot(): Snapshot;
  /** Decides a call; see `enforceCall`. */
  enforceCall(attempt: CallAttempt): Promise<Enforced>;
  /** Why an authorised call may not be written any more at this very moment, or null; synchronous. */
  refusalNow(call: Authorised): StepRefusal | null;
  /** The same as a yes or no. */
  mayDispatch(call: Authorised): boolean;
  /** Records how it ended; true once its answer may be released. */
  recordOutcome(call: Authorised, outcome: CallOutcome): Promise<boolean>;
  /** The database's time in milliseconds; see the lease. */
  databaseNowMs(): number;
  isReady(): boolean;
  held(): number;
  close(): Promise<void>;
};

const POOL_SIZE = 12;
const GIVE_UP_MS = 5_000;

/**
 * Opens the door: reads the snapshot, takes the lease, starts the audit writer, listens.
 *
 * Keeps no module state, so that the gateway and Next's bundle can each have one. Throws when the database cannot be
 * read; a process without a snapshot has nothing to decide by.
 */
export async function startDoor(options: DoorOptions): Promise<Door> {
  const { databaseUrl, keys, env, log } = options;
  const bootId = randomUUIDv7();
  mkdirSync(env.dataDir, { recursive: true });
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: `countersign-${options.kind}`,
    max: POOL_SIZE,
    connectionTimeoutMillis: GIVE_UP_MS,
    query_timeout: 2 * GIVE_UP_MS,
    keepAlive: true,
  });
  // A connection lost while idle is replaced at the next query; unhandled, the event would end the process.
  pool.on('error', () => undefined);
  // The same for one that is lost between two statements of a transaction; the next statement fails and tells.
  pool.on('connect', (client) => client.on('error', () => undefined));

  const [snapshots, grants, taints] = await Promise.all([
    createSnapshotStore(pool, log),
    createGrantBook(pool, log),
    createTaints(pool, log),
  ]).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });
  const heartbeat = await startHeartbeat(
    pool,
    { bootId, kind: options.kind, configVersion: () => snapshots.current().version },
    log,
  );
  const audit = createAuditWriter(databaseUrl, log);
  const spender = createGrantSpender(databaseUrl, log);
  const holds = createHoldRegistry(pool, log);
  const unfinished = createUnfinished(pool, log);
  const inFlight = createInFlight();
  const stop = (scopes: Parameters<InFlight['cutCovered']>[0]) => {
    const cut = inFlight.cutCovered(scopes);
    const ended = holds.killCovered(scopes);
    if (cut + ended > 0) log.warn({ cut, ended }, 'calls were stopped by the kill switch');
  };
  const killFile = watchKillFile(env.dataDir, (scopes) => {
    log.warn({ scopes: scopes.length }, 'the KILL file changed');
    stop(scopes);
  });
  const lease = startLease(
    databaseUrl,
    {
      onKillState: ({ epoch, scopes }) => {
        stop(scopes);
        heartbeat.acknowledge(epoch);
        // A kill also ends what stdio servers' processes go out with, and that is not undone by a restore.
        void snapshots.reload();
      },
      onConfigVersion: (version) => snapshots.newerSeen(version),
    },
    log,
  );
  const listener = await listen(
    databaseUrl,
    ['cs_config', 'cs_kill', 'cs_approval', 'cs_grant', 'cs_taint'],
    (channel, payload) => {
      if (channel === 'cs_config')
        void snapshots.reload().then(() => options.knownSecrets?.at(snapshots.current().version));
      else if (channel === 'cs_kill') void lease.renew();
      else if (channel === 'cs_approval') holds.touched(idIn(payload));
      else if (channel === 'cs_grant') grants.heard(payload);
      else if (channel === 'cs_taint') taints.heard(payload);
    },
    () => {
      void snapshots.reload();
      void lease.renew();
      void grants.reload();
      void taints.reload();
      holds.touchAll();
    },
  );
  await lease.renew();
  options.knownSecrets?.at(snapshots.current().version);

  const fromFile = killFile.scopes;
  const killSwitch: DoorParts['killSwitch'] = {
    isValid: lease.isValid,
    epoch: lease.epoch,
    scopes: () => {
      const file = fromFile();
      return file.length === 0 ? lease.scopes() : [...lease.scopes(), ...file];
    },
    renew: lease.renew,
    databaseNowMs: lease.databaseNowMs,
  };
  const parts: DoorParts = {
    bootId,
    consoleUrl: env.consoleUrl,
    keys,
    log,
    pool,
    snapshots,
    killSwitch,
    audit,
    holds,
    grants,
    spender,
    taints,
    unfinished,
    consumptions: createConsumptions(),
    checkReach: createReachCheck(options.noteAttempt),
    validateArguments: createArgumentValidator(),
    knownSecrets: options.knownSecrets ?? null,
    agentSeen: heartbeat.agentSeen,
  };
  audit.appendLater(
    buildInboxRow(
      {
        type: 'process.started',
        actor: { type: 'system', id: bootId, name: options.kind },
        detail: { kind: options.kind },
      },
      keys,
    ),
  );
  let closed = false;
  const refusalNow = (call: Authorised) =>
    checkSwitch(killSwitch, killableOf(call)) ?? checkSession(snapshots.current(), call.principal, call.sessionName);

  return {
    bootId,
    keys,
    pool,
    audit,
    inFlight,
    snapshot: snapshots.current,
    enforceCall: (attempt) => enforceCall(parts, attempt),
    refusalNow,
    mayDispatch: (call) => refusalNow(call) === null,
    recordOutcome: (call, outcome) => recordOutcome(parts, call, outcome),
    databaseNowMs: lease.databaseNowMs,
    isReady: () => !closed && lease.isValid() && snapshots.isFresh(performance.now()),
    held: holds.size,
    close: async () => {
      closed = true;
      killFile.close();
      holds.close();
      grants.close();
      await listener.close();
      await lease.close();
      await snapshots.close();
      await unfinished.close();
      await spender.close();
      await audit.close();
      await heartbeat.close();
      await pool.end();
    },
  };
}

/** The facts by which a kill recognises an authorised call. */
export function killableOf(call: Authorised) {
  const { server, tool, tier, actionClass } = call.target;
  const origin = call.principal.stdioServer?.name;
  return { agent: call.principal.name, server: server.name, tool: tool.name, tier, actionClass, origin };
}

/** The id in a `cs_approval` hint; anything else names nothing that is held. */
function idIn(payload: string): string {
  try {
    const hint: unknown = JSON.parse(payload);
    return typeof hint === 'object' && hint !== null && 'id' in hint && typeof hint.id === 'string' ? hint.id : '';
  } catch {
    return '';
  }
}
