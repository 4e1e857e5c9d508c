// Server-only. The one way an incident begins, or begins again.
import { randomUUIDv7 } from 'node:crypto';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { type IncidentKind, type Severity, worseSeverity } from '#lib/core/incidents/kinds.ts';
import { isReopenedBy } from '#lib/core/incidents/states.ts';
import type { IncidentSubject } from '#lib/core/incidents/subject.ts';
import { boundText } from '../audit/bound-text.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { type IncidentRow, lockKey, newestOf } from './incident-rows.ts';
import { hintIncident, recordIncident } from './record-incident.ts';

/** A signal that somebody must look at something. */
export type IncidentSignal = {
  readonly kind: IncidentKind;
  /** What it is about: of one key one incident is open, however often it is signalled. */
  readonly key: string;
  readonly severity: Severity;
  /** One line of ours; names in it are data. */
  readonly title: string;
  /** What was seen, in our words. Never arguments, results or secrets. */
  readonly detail: string;
  readonly subject: IncidentSubject;
  /** An exercise: marked as one on every surface, and apart from what is real. */
  readonly drill: boolean;
  /** How often it was seen; once unless said. */
  readonly times?: number;
};

const LONGEST = { key: 200, title: 200, detail: 1_000 } as const;
/** Signals that are written down one by one in each round; beyond them only the count and the last time rise. */
const MOST_SIGNALS = 20;

/**
 * Opens an incident, in the caller's transaction, or counts one more signal of the one that is open. One that was resolved
 * within the last day is reopened instead: what comes back was not over. `opened` says whether somebody must be told.
 *
 * Assumes that the caller saw the signal happen; holds the key's lock until the transaction ends, so two at once are one
 * incident. A flood of signals writes a bounded number of rows.
 */
export async function openIncident(
  tx: Tx,
  signal: IncidentSignal,
  by: ConfigActor | 'system' = 'system',
): Promise<{ readonly id: string; readonly opened: boolean }> {
  const key = boundText(signal.key, LONGEST.key);
  await lockKey(tx, key);
  const newest = await newestOf(tx, key, signal.drill);
  if (newest !== null && newest.state !== 'resolved') {
    await countOn(tx, newest, signal);
    return { id: newest.id, opened: false };
  }
  if (newest !== null && isReopenedBy(newest, await databaseNow(tx))) {
    await reopen(tx, newest, signal);
    return { id: newest.id, opened: true };
  }
  return { id: await insert(tx, { ...signal, key }, by), opened: true };
}

async function insert(tx: Tx, signal: IncidentSignal, by: ConfigActor | 'system'): Promise<string> {
  const id = randomUUIDv7();
  const { kind, key, severity, subject, drill } = signal;
  await tx.incident.create({
    data: {
      id,
      kind,
      key,
      severity,
      title: boundText(signal.title, LONGEST.title),
      detail: boundText(signal.detail, LONGEST.detail),
      subject,
      drill,
      count: timesOf(signal),
      openedBy: personIdOf(by),
      openedName: by === 'system' ? null : by.name,
    },
  });
  await addSignal(tx, { id, round: 1, kind: 'opened', by }, signal);
  await recordIncident(tx, 'incident.opened', { id, kind, severity, drill, version: 1 }, auditActor(by));
  return id;
}

async function countOn(tx: Tx, row: IncidentRow, signal: IncidentSignal): Promise<void> {
  await tx.$executeRaw`
    UPDATE incidents SET count = count + ${timesOf(signal)}::int, last_seen_at = clock_timestamp(),
      severity = ${worseSeverity(signal.severity, row.severity)}, version = version + 1
    WHERE id = ${row.id}::uuid`;
  const written = await tx.incidentEvent.count({ where: { incidentId: row.id, round: row.round, kind: 'signal' } });
  if (written < MOST_SIGNALS) await addSignal(tx, { ...row, kind: 'signal', by: 'system' }, signal);
  // What was seen has its own entry in the log: one more for each signal would double a flood.
  await hintIncident(tx, { id: row.id, version: row.version + 1 });
}

async function reopen(tx: Tx, row: IncidentRow, signal: IncidentSignal): Promise<void> {
  const severity = worseSeverity(signal.severity, row.severity);
  await tx.$executeRaw`
    UPDATE incidents SET state = 'open', round = round + 1, count = count + ${timesOf(signal)}::int,
      last_seen_at = clock_timestamp(), severity = ${severity}, version = version + 1,
      acknowledged_at = NULL, acknowledged_by = NULL, acknowledged_name = NULL, resolved_at = NULL, resolved_by = NULL,
      resolved_name = NULL, resolution = NULL
    WHERE id = ${row.id}::uuid`;
  await addSignal(tx, { id: row.id, round: row.round + 1, kind: 'reopened', by: 'system' }, signal);
  await recordIncident(tx, 'incident.reopened', { ...row, severity, version: row.version + 1 });
}

type Entry = {
  readonly id: string;
  readonly round: number;
  readonly kind: 'opened' | 'signal' | 'reopened';
  readonly by: ConfigActor | 'system';
};

async function addSignal(tx: Tx, entry: Entry, signal: IncidentSignal): Promise<void> {
  const { id, round, kind, by } = entry;
  await tx.incidentEvent.create({
    data: {
      incidentId: id,
      round,
      kind,
      byId: personIdOf(by),
      byName: auditActor(by).name,
      words: boundText(signal.detail, LONGEST.detail),
      subject: signal.subject,
    },
  });
}

const timesOf = (signal: IncidentSignal) => Math.max(1, signal.times ?? 1);
