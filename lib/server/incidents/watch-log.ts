// Server-only. Follows the log and opens an incident for what somebody must look at.
import { z } from 'zod';
import { FOLLOWED_TYPES, type FollowUp, followUpOf } from '#lib/core/incidents/follow-ups.ts';
import { type LogSignal, signalOf, WATCHED_TYPES, type WatchedEntry } from '#lib/core/incidents/from-log.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { addFollowUp } from './add-follow-up.ts';
import { openIncident } from './open-incident.ts';
import { isRedTeams, readRedTeam } from './red-team-rows.ts';

/** As much of the log as one reading covers, and as many entries as it takes from there. */
const SPAN = 5_000n;
const MOST_ENTRIES = 200;
/** Readings a run: behind a burst the worker catches up without holding one transaction open. */
const MOST_READINGS = 40;
/** What a red-team run did is in the log by then: refused connections are counted in batches. */
const LATE = '2 minutes';

/** Both are read in the order of the log, so that what was done follows what was seen. */
const TYPES = [...WATCHED_TYPES, ...FOLLOWED_TYPES];

const named = z.object({ name: z.string() });
const entrySchema = z.object({
  type: z.string(),
  event_id: z.string(),
  actor: z.object({ id: z.string(), name: z.string() }),
  agent: named.optional(),
  server: named.optional(),
  tool: z.string().optional(),
  session: z.object({ id: z.string() }).optional(),
  call_id: z.string().optional(),
  request_id: z.string().optional(),
  decision: z.string().optional(),
  detail: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
    .catch({})
    .optional(),
});

/**
 * Opens incidents for what the log has taken in since the last time, and answers how many entries were looked at. The
 * incidents and the place in the log are written in one transaction, under the lock of the place: however many workers run
 * and whichever is killed, no entry counts twice and none is passed over.
 */
export async function watchLog(database: Database): Promise<number> {
  let looked = 0;
  for (let reading = 0; reading < MOST_READINGS; reading++) {
    const count = await withTx(database, readOn);
    if (count === null) break;
    looked += count;
  }
  return looked;
}

async function readOn(tx: Tx): Promise<number | null> {
  const [head] = await tx.$queryRaw<{ next_seq: bigint; size: bigint }[]>`
    SELECT n.next_seq, a.size FROM incident_head n, audit_head a WHERE n.id = 1 AND a.id = 1
    FOR UPDATE OF n SKIP LOCKED`;
  if (head === undefined || head.next_seq >= head.size) return null;
  const until = head.next_seq + SPAN < head.size ? head.next_seq + SPAN : head.size;
  const rows = await tx.$queryRaw<{ seq: bigint; entry: string; in_run: boolean }[]>`
    SELECT seq, entry, EXISTS (SELECT FROM red_team_runs r WHERE r.started_at <= e.at
      AND e.at <= coalesce(r.finished_at, r.beat_at, r.started_at) + ${LATE}::interval) AS in_run
    FROM audit_entries e WHERE seq >= ${head.next_seq} AND seq < ${until} AND type = ANY(${TYPES})
    ORDER BY seq LIMIT ${MOST_ENTRIES}`;
  const last = rows.at(-1);
  const nextSeq = rows.length === MOST_ENTRIES && last !== undefined ? last.seq + 1n : until;
  const redTeam = rows.some((row) => row.in_run) ? await readRedTeam(tx) : null;
  const entries = rows.flatMap((row) =>
    entryOf(row.entry).filter((entry) => !(row.in_run && redTeam !== null && isRedTeams(redTeam, entry))),
  );
  const refusals = entries.some((entry) => entry.type === 'egress.denied') ? await countRefusals(tx, nextSeq) : [];
  const signals = new Map<string, { signal: LogSignal; times: number }>();
  const followUps = new Map<string, { followUp: FollowUp; by: string }>();
  for (const entry of entries) {
    const recent = refusals.find((row) => row.agent === entry.agent && row.server === entry.server)?.n ?? 0;
    const done = followUpOf(entry);
    if (done !== null) {
      const by = entry.actorName;
      followUps.set(JSON.stringify([done.key, done.words, by]), { followUp: done, by });
    }
    const signal = signalOf(entry, recent);
    if (signal === null) continue;
    // What was done before it was seen is no part of its story.
    for (const [place, { followUp }] of followUps) if (followUp.key === signal.key) followUps.delete(place);
    // Of what came in one gulp the first is written down, and the rest counts.
    const known = signals.get(signal.key);
    if (known === undefined) signals.set(signal.key, { signal, times: 1 });
    else known.times += 1;
  }
  for (const { signal, times } of signals.values()) await openIncident(tx, { ...signal, times });
  for (const { followUp, by } of followUps.values()) await addFollowUp(tx, followUp, by);
  await tx.$executeRaw`UPDATE incident_head SET next_seq = ${nextSeq} WHERE id = 1`;
  return rows.length;
}

type Refusals = { readonly agent: string | null; readonly server: string | null; readonly n: number };

/** How often each identity was refused in the hour before what was read now, by the log. */
function countRefusals(tx: Tx, until: bigint): Promise<readonly Refusals[]> {
  return tx.$queryRaw<Refusals[]>`
    SELECT agent, server, count(*)::int AS n FROM audit_entries
    WHERE type = 'egress.denied' AND seq < ${until}
      AND at > (SELECT max(at) FROM audit_entries WHERE type = 'egress.denied' AND seq < ${until}) - interval '1 hour'
    GROUP BY agent, server`;
}

/** An entry that is not one of ours signals nothing; it must not stop those behind it. */
function entryOf(text: string): readonly WatchedEntry[] {
  const read = entrySchema.safeParse(parsed(text));
  if (!read.success) return [];
  const entry = read.data;
  return [
    {
      type: entry.type,
      eventId: entry.event_id,
      actorId: entry.actor.id,
      actorName: entry.actor.name,
      agent: entry.agent?.name ?? null,
      server: entry.server?.name ?? null,
      tool: entry.tool ?? null,
      session: entry.session?.id ?? null,
      callId: entry.call_id ?? null,
      requestId: entry.request_id ?? null,
      outcome: entry.decision ?? null,
      detail: entry.detail ?? {},
    },
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
