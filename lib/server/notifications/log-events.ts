// Server-only. The log, read from where the last reading ended: it is the outbox's source, so nothing is told twice or lost.
import { z } from 'zod';
import { INCIDENT_KINDS, SEVERITIES } from '#lib/core/incidents/kinds.ts';
import { type LoggedEvent, TOLD_TYPES } from '#lib/core/notifications/notice.ts';
import type { Tx } from '../db/tx.ts';

/** As much of the log as one reading covers, and as many entries as it takes from there. */
const SPAN = 5_000n;
const MOST_EVENTS = 25;

const entrySchema = z.object({
  type: z.string(),
  event_id: z.string(),
  ts: z.string(),
  request_id: z.uuid().optional(),
  tier: z.enum(['low', 'medium', 'high']).optional(),
  action_class: z.string().optional(),
  server: z.object({ name: z.string() }).optional(),
  detail: z
    .object({ scope: z.string().optional(), days: z.number().optional(), step: z.number().int().optional() })
    .catch({})
    .optional(),
});
const incidentSchema = z.object({
  detail: z.object({
    incident: z.uuid(),
    kind: z.enum(INCIDENT_KINDS),
    severity: z.enum(SEVERITIES),
    drill: z.boolean(),
  }),
});

export type Reading = {
  readonly events: readonly LoggedEvent[];
  /** Where the next reading begins, to be written in the transaction that tells of these. */
  readonly nextSeq: bigint;
};

/**
 * Reads on in the log, under the lock of its cursor; null when another worker reads now or nothing is new. Numbers of
 * entries are contiguous and are given by one sequencer, so none can appear behind the cursor.
 */
export async function readLog(tx: Tx): Promise<Reading | null> {
  const heads = await tx.$queryRaw<{ next_seq: bigint; size: bigint }[]>`
    SELECT n.next_seq, a.size FROM notification_head n, audit_head a WHERE n.id = 1 AND a.id = 1
    FOR UPDATE OF n SKIP LOCKED`;
  const [head] = heads;
  if (head === undefined || head.next_seq >= head.size) return null;
  const until = head.next_seq + SPAN < head.size ? head.next_seq + SPAN : head.size;
  const rows = await tx.$queryRaw<{ seq: bigint; entry: string }[]>`
    SELECT seq, entry FROM audit_entries
    WHERE seq >= ${head.next_seq} AND seq < ${until} AND type = ANY(${[...TOLD_TYPES]}) AND NOT red_team_played(type, agent, entry, at)
    ORDER BY seq LIMIT ${MOST_EVENTS}`;
  const last = rows.at(-1);
  const nextSeq = rows.length === MOST_EVENTS && last !== undefined ? last.seq + 1n : until;
  return { events: rows.flatMap((row) => eventOf(row.entry)), nextSeq };
}

/** Moves the cursor on; the readings before it are over for good. */
export async function keepPlace(tx: Tx, nextSeq: bigint): Promise<void> {
  await tx.$executeRaw`UPDATE notification_head SET next_seq = ${nextSeq} WHERE id = 1 AND next_seq < ${nextSeq}`;
}

/** An entry that is not one of ours tells nobody anything; it must not stop those behind it. */
function eventOf(text: string): readonly LoggedEvent[] {
  const read = entrySchema.safeParse(parsed(text));
  if (!read.success) return [];
  const entry = read.data;
  const about = incidentSchema.safeParse(parsed(text));
  return [
    {
      type: entry.type,
      eventId: entry.event_id,
      at: entry.ts,
      requestId: entry.request_id ?? null,
      tier: entry.tier ?? null,
      actionClass: entry.action_class ?? null,
      server: entry.server?.name ?? null,
      scope: entry.detail?.scope ?? null,
      days: entry.detail?.days ?? null,
      step: entry.detail?.step ?? null,
      ...(about.success ? { incident: incidentOf(about.data.detail) } : {}),
    },
  ];
}

function incidentOf({ incident: id, kind, severity, drill }: z.infer<typeof incidentSchema>['detail']) {
  return { id, kind, severity, drill };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
