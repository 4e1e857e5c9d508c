// Server-only. What the log says around a request: the call's own entries, and what else its session did.
import { z } from 'zod';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import { sentenceOf } from '../audit/sentence.ts';
import type { Tx } from '../db/tx.ts';

const MOST_EVENTS = 100;

/** The few members of an entry that a story tells; everything in it is attacker text and shown as such. */
const entrySchema = z.object({
  type: z.string(),
  actor: z.object({ name: z.string().optional(), id: z.string() }).optional(),
});
type StoryRow = { seq: bigint | null; at: Date; event: string };

/**
 * The stories of a call and of its session, oldest first, entries that wait for the sequencer included (`seq` null):
 * what a reviewer sees must not lag behind what was decided.
 */
export async function readRequestStories(
  tx: Tx,
  of: { readonly callId: string; readonly requestId: string; readonly sessionId: string },
): Promise<Pick<ApprovalDetail, 'session' | 'story'>> {
  const story = await tx.$queryRaw<StoryRow[]>`
    SELECT seq, at, entry AS event FROM audit_entries
    WHERE call_id = ${of.callId}::uuid OR request_id = ${of.requestId}::uuid
    UNION ALL
    SELECT NULL, at, event FROM audit_inbox
    WHERE event::jsonb->>'call_id' = ${of.callId} OR event::jsonb->>'request_id' = ${of.requestId}
    ORDER BY at, seq NULLS LAST LIMIT ${MOST_EVENTS}`;
  const session = await tx.$queryRaw<StoryRow[]>`
    SELECT * FROM (
      (SELECT seq, at, entry AS event FROM audit_entries WHERE session_id = ${of.sessionId}
       ORDER BY seq DESC LIMIT ${MOST_EVENTS})
      UNION ALL
      SELECT NULL, at, event FROM audit_inbox WHERE event::jsonb->'session'->>'id' = ${of.sessionId}
    ) newest ORDER BY at DESC, seq DESC NULLS FIRST LIMIT ${MOST_EVENTS}`;
  return { story: story.map(toStoryEvent), session: session.reverse().map(toStoryEvent) };
}

function toStoryEvent(row: StoryRow): ApprovalDetail['story'][number] {
  const entry = entrySchema.safeParse(JSON.parse(row.event));
  const actor = entry.success ? entry.data.actor : undefined;
  return {
    seq: row.seq === null ? null : row.seq.toString(),
    at: row.at.toISOString(),
    type: entry.success ? entry.data.type : 'unknown',
    actor: actor?.name ?? actor?.id ?? null,
    sentence: sentenceOf(row.event),
  };
}
