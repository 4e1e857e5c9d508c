// Server-only. The timeline: newest first, filtered, by keyset on the entry's number.
import type { AuditPage, AuditQuery } from '#lib/contracts/audit.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ENTRY_COLUMNS, type StoredEntry, toAuditRow } from './audit-row.ts';
import { readLogHead } from './read-head.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * One page of the log. The cursor is the number of the last entry shown, so a page costs the same at any depth and new
 * entries never shift it. Refuses a cursor that is no number and ids that are no UUIDs.
 */
export async function readTimeline(
  tx: Pick<Tx, '$queryRaw'>,
  query: AuditQuery,
): Promise<Result<AuditPage, { readonly code: 'invalid-request'; readonly detail: string }>> {
  if (query.cursor !== undefined && !/^[0-9]{1,15}$/.test(query.cursor)) {
    return err({ code: 'invalid-request', detail: 'cursor: use the nextCursor of the page before.' });
  }
  for (const id of [query.call, query.request]) {
    if (id !== undefined && !UUID.test(id))
      return err({ code: 'invalid-request', detail: 'call, request: use a UUID.' });
  }
  const rows = await tx.$queryRaw<StoredEntry[]>`
    SELECT ${ENTRY_COLUMNS} FROM audit_entries WHERE ${conditions(query)}
    ORDER BY seq DESC LIMIT ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map(toAuditRow);
  const nextCursor = rows.length > query.limit ? (items.at(-1)?.seq ?? null) : null;
  return ok({ items, nextCursor, head: await readLogHead(tx) });
}

function conditions(query: AuditQuery): Prisma.Sql {
  const all: Prisma.Sql[] = [Prisma.sql`true`];
  if (query.cursor !== undefined) all.push(Prisma.sql`seq < ${BigInt(query.cursor)}`);
  if (query.type !== undefined) all.push(typeCondition(query.type));
  if (query.agent !== undefined) all.push(Prisma.sql`agent = ${query.agent}`);
  if (query.server !== undefined) all.push(Prisma.sql`server = ${query.server}`);
  if (query.tool !== undefined) all.push(Prisma.sql`tool = ${query.tool}`);
  if (query.actor !== undefined) all.push(Prisma.sql`actor = ${query.actor}`);
  if (query.decision !== undefined) all.push(Prisma.sql`decision = ${query.decision}`);
  if (query.session !== undefined) all.push(Prisma.sql`session_id = ${query.session}`);
  if (query.call !== undefined) all.push(Prisma.sql`call_id = ${query.call}::uuid`);
  if (query.request !== undefined) all.push(Prisma.sql`request_id = ${query.request}::uuid`);
  if (query.tier !== undefined) all.push(Prisma.sql`tier = ${query.tier}`);
  // The number before which a time lies is found by bisection: BRIN alone gives no order, and the primary key alone
  // would walk from the end. The exact comparison stays, because rows of a long transaction stand a little late.
  if (query.since !== undefined) {
    all.push(Prisma.sql`seq >= audit_seq_at(${query.since}::timestamptz - interval '5 minutes')`);
    all.push(Prisma.sql`at >= ${query.since}::timestamptz`);
  }
  if (query.until !== undefined) {
    all.push(Prisma.sql`seq < audit_seq_at(${query.until}::timestamptz + interval '5 minutes')`);
    all.push(Prisma.sql`at <= ${query.until}::timestamptz`);
  }
  return Prisma.join(all, ' AND ');
}

/** `call.` and the like select a whole family. */
function typeCondition(type: string): Prisma.Sql {
  return type.endsWith('.') ? Prisma.sql`starts_with(type, ${type})` : Prisma.sql`type = ${type}`;
}
