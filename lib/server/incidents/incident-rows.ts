// Server-only. Rows of `incidents` as the use-cases need them, and the locks that keep one key to one incident.

import { z } from 'zod';
import { INCIDENT_KINDS, type IncidentKind, SEVERITIES, type Severity } from '#lib/core/incidents/kinds.ts';
import { INCIDENT_STATES, type IncidentState } from '#lib/core/incidents/states.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

export type IncidentRow = {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly key: string;
  readonly severity: Severity;
  readonly drill: boolean;
  readonly state: IncidentState;
  readonly version: number;
  readonly round: number;
  readonly acknowledgedBy: string | null;
  readonly resolvedAt: Date | null;
  /** Whom it is about. */
  readonly personId: string | null;
};

const rowSchema = z.object({
  id: z.string(),
  kind: z.enum(INCIDENT_KINDS),
  key: z.string(),
  severity: z.enum(SEVERITIES),
  drill: z.boolean(),
  state: z.enum(INCIDENT_STATES),
  version: z.number(),
  round: z.number(),
  acknowledgedBy: z.string().nullable(),
  resolvedAt: z.date().nullable(),
  personId: z.string().nullable(),
});

const COLUMNS = Prisma.sql`id::text, kind, key, severity, drill, state, version, round,
  acknowledged_by::text AS "acknowledgedBy", resolved_at AS "resolvedAt",
  subject->>'personId' AS "personId"`;

/** Everything that begins or ends an incident of this key takes its turn, until the transaction is over. */
export async function lockKey(tx: Tx, key: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`incident ${key}`}, 0))`;
}

/** The newest incident of a key, locked; null when there was none. */
export async function newestOf(tx: Tx, key: string, drill: boolean): Promise<IncidentRow | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM incidents WHERE key = ${key} AND drill = ${drill}
    ORDER BY resolved_at DESC NULLS FIRST LIMIT 1 FOR UPDATE`;
  return rows.length === 0 ? null : rowSchema.parse(rows[0]);
}

/** The incidents of a key that are not resolved, locked: at most a real one and a drill. */
export async function openOf(tx: Tx, key: string): Promise<readonly IncidentRow[]> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM incidents WHERE key = ${key} AND state <> 'resolved' ORDER BY id FOR UPDATE`;
  return z.array(rowSchema).parse(rows);
}

/** One incident, locked; null when it is not there. */
export async function findIncident(tx: Tx, id: string): Promise<IncidentRow | null> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT ${COLUMNS} FROM incidents WHERE id = ${id}::uuid FOR UPDATE`;
  return rows.length === 0 ? null : rowSchema.parse(rows[0]);
}
