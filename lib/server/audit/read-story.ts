// Server-only.
import type { AuditRow } from '#lib/contracts/audit.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ENTRY_COLUMNS, type StoredEntry, toAuditRow } from './audit-row.ts';

/** Whose story: one call with its request, one request with every call that joined it, or a whole session. */
export type StoryOf =
  | { readonly kind: 'call'; readonly callId: string }
  | { readonly kind: 'request'; readonly requestId: string }
  | { readonly kind: 'session'; readonly sessionId: string };

const MOST_ROWS = 500;

/** The entries of a story, oldest first; of a long one the newest 500. Assumes ids that are UUIDs. */
export async function readStory(tx: Pick<Tx, '$queryRaw'>, of: StoryOf): Promise<readonly AuditRow[]> {
  const rows = await tx.$queryRaw<StoredEntry[]>`
    SELECT ${ENTRY_COLUMNS} FROM audit_entries WHERE ${belongsTo(of)} ORDER BY seq DESC LIMIT ${MOST_ROWS}`;
  return rows.reverse().map(toAuditRow);
}

/** The entries that belong to a story, as a condition. */
export function belongsTo(of: StoryOf): Prisma.Sql {
  switch (of.kind) {
    case 'call':
      // Two index lookups joined by number; an OR over two columns would read the whole log.
      return Prisma.sql`seq IN (
        SELECT seq FROM audit_entries WHERE call_id = ${of.callId}::uuid
        UNION
        SELECT seq FROM audit_entries WHERE request_id = ANY(ARRAY(
          SELECT request_id FROM audit_entries WHERE call_id = ${of.callId}::uuid AND request_id IS NOT NULL)))`;
    case 'request':
      return Prisma.sql`request_id = ${of.requestId}::uuid`;
    case 'session':
      return Prisma.sql`session_id = ${of.sessionId}`;
  }
}
