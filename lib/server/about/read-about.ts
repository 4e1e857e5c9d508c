// Server-only. What runs here, and how it is.
import type { About } from '#lib/contracts/settings.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { readParts } from './read-parts.ts';

/** Heartbeats come every second or two; one that misses so many is not heard of any more. */
const SILENT_AFTER_S = 15;
/** Ended processes are told of for so long. */
const STOPPED_FOR_MIN = 10;

/** The versions, the database as it answers now, every process that reports, and how far behind the log is. */
export async function readAbout(tx: Tx, env: Pick<Env, 'gatewayUrl' | 'consoleUrl'>): Promise<About> {
  const asked = performance.now();
  const now = await databaseNow(tx);
  const answeredInMs = Math.round((performance.now() - asked) * 10) / 10;
  const [parts, database, processes, log] = await Promise.all([
    readParts(tx),
    readDatabase(tx),
    readProcesses(tx),
    readLog(tx),
  ]);
  return {
    parts: [...parts],
    gatewayUrl: env.gatewayUrl,
    consoleUrl: env.consoleUrl,
    database: { answeredInMs, ...database },
    processes,
    log,
    serverTime: now.toISOString(),
  };
}

async function readDatabase(tx: Tx): Promise<Omit<About['database'], 'answeredInMs'>> {
  const [row] = await tx.$queryRaw<{ bytes: bigint; connections: number }[]>`
    SELECT pg_database_size(current_database()) AS bytes,
      (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database()) AS connections`;
  return { bytes: Number(row?.bytes ?? 0n), connections: row?.connections ?? 0 };
}

type ProcessRow = {
  id: string;
  kind: string;
  started_at: Date;
  last_seen_at: Date;
  stopped: boolean;
  silent: boolean;
  is_current: boolean | null;
};

/** A gateway says which configuration it has taken in; a worker reads the rows themselves. */
async function readProcesses(tx: Tx): Promise<About['processes']> {
  const rows = await tx.$queryRaw<ProcessRow[]>`
    SELECT p.id::text, p.kind, p.started_at, p.last_seen_at, p.stopped_at IS NOT NULL AS stopped,
      p.last_seen_at < clock_timestamp() - make_interval(secs => ${SILENT_AFTER_S}) AS silent,
      CASE WHEN p.kind = 'gateway' THEN p.config_version >= h.version END AS is_current
    FROM process_instances p, config_head h
    WHERE p.stopped_at IS NULL OR p.stopped_at > clock_timestamp() - make_interval(mins => ${STOPPED_FOR_MIN})
    ORDER BY p.stopped_at IS NOT NULL, p.kind, p.started_at DESC LIMIT 100`;
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    state: row.stopped ? 'stopped' : row.silent ? 'silent' : 'up',
    startedAt: row.started_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    isCurrent: row.is_current,
  }));
}

async function readLog(tx: Tx): Promise<About['log']> {
  const [row] = await tx.$queryRaw<{ size: bigint; waiting: number; oldest_ms: number | null; signed: Date | null }[]>`
    SELECT size, (SELECT count(*)::int FROM (SELECT FROM audit_inbox LIMIT 10000) AS counted) AS waiting,
      (SELECT extract(epoch FROM clock_timestamp() - at)::float8 * 1000 FROM audit_inbox ORDER BY id LIMIT 1) AS oldest_ms,
      (SELECT at FROM audit_checkpoints ORDER BY size DESC, at DESC LIMIT 1) AS signed
    FROM audit_head WHERE id = 1`;
  return {
    size: (row?.size ?? 0n).toString(),
    waiting: row?.waiting ?? 0,
    oldestWaitingMs: row?.oldest_ms ?? null,
    lastSignedAt: row?.signed?.toISOString() ?? null,
  };
}
