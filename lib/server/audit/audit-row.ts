// Server-only. A row of audit_entries as the API shows it.
import type { AuditRow } from '#lib/contracts/audit.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { sentenceOf } from './sentence.ts';

export type StoredEntry = {
  readonly seq: bigint;
  readonly leaf: Uint8Array;
  readonly entry: string;
  readonly at: Date;
  readonly type: string;
  readonly call_id: string | null;
  readonly request_id: string | null;
  readonly session_id: string | null;
  readonly agent: string | null;
  readonly server: string | null;
  readonly tool: string | null;
  readonly actor: string | null;
  readonly decision: string | null;
  readonly tier: string | null;
};

/** What `toAuditRow` needs, for a SELECT. */
export const ENTRY_COLUMNS = Prisma.sql`seq, leaf, entry, at, type, call_id::text, request_id::text, session_id, agent,
  server, tool, actor, decision, tier`;

/** The wire shape of an entry, with its sentence. */
export function toAuditRow(row: StoredEntry): AuditRow {
  return {
    seq: row.seq.toString(),
    at: row.at.toISOString(),
    type: row.type,
    leaf: Buffer.from(row.leaf).toString('hex'),
    entry: row.entry,
    callId: row.call_id,
    requestId: row.request_id,
    sessionId: row.session_id,
    agent: row.agent,
    server: row.server,
    tool: row.tool,
    actor: row.actor,
    decision: row.decision,
    tier: row.tier,
    sentence: sentenceOf(row.entry),
  };
}
