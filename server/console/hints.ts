// From a database notification to the hints that browsers get. Pure: the growing number comes in as an argument.
import { z } from 'zod';
import { type Hint, LIVE_TOPICS } from '#lib/contracts/live.ts';
import type { Channel } from '#lib/server/db/listen.ts';

const approvalSchema = z.object({ id: z.uuid(), version: z.number() });
const configSchema = z.object({
  version: z.number(),
  topic: z.enum(['servers', 'agents', 'credentials', 'egress', 'people', 'policies']),
  id: z.string(),
});
const grantSchema = z.object({ id: z.uuid(), version: z.number() });
const exceptionSchema = z.object({ kind: z.enum(['observe', 'break-glass', 'delegation', 'settings']) });
const incidentSchema = z.object({ id: z.uuid(), version: z.number() });
const auditSchema = z.object({ size: z.coerce.number() });

/** What a session hint names; null when it names nothing we understand. */
export const sessionHintSchema = z.object({ personId: z.uuid().optional(), sessionId: z.uuid().optional() });

/**
 * The hints of a notification. A payload that does not fit is dropped: any database role may notify, and a hint is
 * never data, so the worst a forged one does is a needless refetch.
 */
export function hintsOf(channel: Channel, payload: unknown, growing: number): readonly Hint[] {
  switch (channel) {
    case 'cs_approval': {
      const parsed = approvalSchema.safeParse(payload);
      if (!parsed.success) return [];
      // Named alone: a page asks for the one that changed. "All of them" is said only after a gap.
      return [{ topic: 'approval', id: parsed.data.id, version: parsed.data.version }];
    }
    case 'cs_config': {
      const parsed = configSchema.safeParse(payload);
      if (!parsed.success) return [];
      return [{ topic: parsed.data.topic, id: parsed.data.id, version: parsed.data.version }];
    }
    case 'cs_kill':
      return [{ topic: 'kill-switch', id: '*', version: growing }];
    case 'cs_audit': {
      const parsed = auditSchema.safeParse(payload);
      // Not the log's size: after a reconnect the growing number is larger, and browsers drop what looks older.
      return parsed.success ? [{ topic: 'audit', id: '*', version: growing }] : [];
    }
    case 'cs_grant': {
      const parsed = grantSchema.safeParse(payload);
      return parsed.success ? [{ topic: 'grants', id: parsed.data.id, version: parsed.data.version }] : [];
    }
    case 'cs_exception':
      // What was put aside, or for whom, is said over HTTP to those who may read it.
      return exceptionSchema.safeParse(payload).success ? [{ topic: 'exceptions', id: '*', version: growing }] : [];
    case 'cs_incident': {
      const parsed = incidentSchema.safeParse(payload);
      return parsed.success ? [{ topic: 'incidents', id: parsed.data.id, version: parsed.data.version }] : [];
    }
    case 'cs_session':
    case 'cs_taint':
      return [];
  }
}

/** After the line to the database was down nobody knows what was missed: everything is to be read again. */
export function allHints(growing: number): readonly Hint[] {
  return LIVE_TOPICS.flatMap((topic) =>
    topic === 'beat' || topic === 'approval' ? [] : [{ topic, id: '*', version: growing }],
  );
}

/** A number that grows with every call and survives restarts, because it starts from the clock. */
export function growingNumber(): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Date.now());
    return last;
  };
}
