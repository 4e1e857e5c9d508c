// Server-only. Incidents as the console shows them. Assumes a reader of security or admin.
import { z } from 'zod';
import {
  type Incident,
  type IncidentDetail,
  type IncidentEvent,
  type IncidentStep,
  type IncidentsPage,
  type IncidentsQuery,
  incidentEventSchema,
  incidentSchema,
} from '#lib/contracts/incidents.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { closedBy, INCIDENT_KINDS } from '#lib/core/incidents/kinds.ts';
import { runbookOf } from '#lib/core/incidents/runbooks.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ownIncidentBar } from './own-incident.ts';

/** What a page shows of a story; what is older is in the log. */
const MOST_EVENTS = 800;

const FOLDERS = {
  open: Prisma.sql`state <> 'resolved'`,
  resolved: Prisma.sql`state = 'resolved' AND NOT drill`,
  drills: Prisma.sql`drill`,
} as const;

/** A folder of incidents: what is open by urgency and age, the rest newest first. */
export async function listIncidents(tx: Tx, actor: ConfigActor, query: IncidentsQuery): Promise<IncidentsPage> {
  const after = query.cursor === undefined ? null : readCursor(query.cursor);
  const from =
    after === null ? Prisma.sql`true` : Prisma.sql`(opened_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`;
  const rows = await tx.$queryRaw<Row[]>`
    SELECT ${COLUMNS} FROM incidents WHERE ${FOLDERS[query.folder]} AND ${from}
    ORDER BY opened_at DESC, id DESC LIMIT ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map((row) => viewOf(row, actor));
  const last = items.at(-1);
  const [sums] = await tx.$queryRaw<{ open: number; acknowledged: number; drills: number; last: Date | null }[]>`
    SELECT count(*) FILTER (WHERE state = 'open' AND NOT drill)::int AS open,
      count(*) FILTER (WHERE state = 'acknowledged' AND NOT drill)::int AS acknowledged,
      count(*) FILTER (WHERE state <> 'resolved' AND drill)::int AS drills,
      max(resolved_at) FILTER (WHERE drill AND kind <> 'drill') AS last
    FROM incidents WHERE state <> 'resolved' OR drill`;
  return {
    items,
    nextCursor: rows.length > query.limit && last !== undefined ? `${last.openedAt}~${last.id}` : null,
    counts: { open: sums?.open ?? 0, acknowledged: sums?.acknowledged ?? 0, drills: sums?.drills ?? 0 },
    lastDrillAt: sums?.last?.toISOString() ?? null,
    serverTime: (await databaseNow(tx)).toISOString(),
  };
}

/** One incident with its runbook and its story; null when it is not there. */
export async function readIncident(tx: Tx, actor: ConfigActor, id: string): Promise<IncidentDetail | null> {
  const [row] = await tx.$queryRaw<Row[]>`SELECT ${COLUMNS} FROM incidents WHERE id = ${id}::uuid`;
  if (row === undefined) return null;
  const incident = viewOf(row, actor);
  const steps = runbookOf(incident.kind, incident.subject, incident.drill);
  const events = await tx.$queryRaw<EventRow[]>`
    SELECT * FROM (
      SELECT id::text, at, kind, round, by_name, step, words FROM incident_events
      WHERE incident_id = ${id}::uuid ORDER BY incident_events.id DESC LIMIT ${MOST_EVENTS}) newest
    ORDER BY at, id::bigint`;
  return {
    ...incident,
    steps: steps.map((step): IncidentStep => {
      const done = events.find((one) => one.kind === 'step' && one.step === step.id && one.round === incident.round);
      return { ...step, done: done === undefined ? null : { at: done.at.toISOString(), by: done.by_name } };
    }),
    events: events.map(
      (one): IncidentEvent =>
        incidentEventSchema.parse({
          id: one.id,
          at: one.at.toISOString(),
          kind: one.kind,
          by: one.by_name,
          step: steps.find((step) => step.id === one.step)?.title ?? one.step,
          words: one.words,
        }),
    ),
    resolveBar: await ownIncidentBar(tx, { drill: row.drill, personId: incident.subject.personId ?? null }, actor),
    serverTime: (await databaseNow(tx)).toISOString(),
  };
}

type EventRow = {
  id: string;
  at: Date;
  kind: string;
  round: number;
  by_name: string;
  step: string | null;
  words: string | null;
};

const COLUMNS = Prisma.sql`id::text, kind, severity, title, detail, subject, drill, state, version, count, round,
  opened_at, opened_name, last_seen_at, acknowledged_at, acknowledged_by::text, acknowledged_name, resolved_at,
  resolved_name, resolution`;

type Row = {
  id: string;
  kind: string;
  severity: string;
  title: string;
  detail: string;
  subject: unknown;
  drill: boolean;
  state: string;
  version: number;
  count: number;
  round: number;
  opened_at: Date;
  opened_name: string | null;
  last_seen_at: Date;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledged_name: string | null;
  resolved_at: Date | null;
  resolved_name: string | null;
  resolution: string | null;
};

function viewOf(row: Row, actor: ConfigActor): Incident {
  const kind = z.enum(INCIDENT_KINDS).parse(row.kind);
  return incidentSchema.parse({
    id: row.id,
    kind,
    severity: row.severity,
    title: row.title,
    detail: row.detail,
    subject: row.subject,
    drill: row.drill,
    state: row.state,
    closes: closedBy(kind, row.drill),
    version: row.version,
    count: row.count,
    round: row.round,
    openedAt: row.opened_at.toISOString(),
    openedBy: row.opened_name,
    lastSeenAt: row.last_seen_at.toISOString(),
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_name,
    mine: row.acknowledged_name !== null && row.acknowledged_by === personIdOf(actor),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    resolvedBy: row.resolved_name,
    resolution: row.resolution,
  });
}

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/** A cursor that is none begins at the start. */
function readCursor(text: string): { readonly at: string; readonly id: string } | null {
  const read = cursorSchema.safeParse(text.split('~'));
  if (!read.success || read.data[0].startsWith('0000')) return null;
  return { at: read.data[0], id: read.data[1] };
}
