// Server-only. The timeline: newest first, filtered, by keyset on the entry's number.
import type { AuditPage, AuditQuery } from '#lib/contracts/audit.ts';
import { AUDIT_EVENT_TYPES, type AuditEventType } from '#lib/core/audit/event-types.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { ENTRY_COLUMNS, type StoredEntry, toAuditRow } from './audit-row.ts';
import { readLogHead } from './read-head.ts';

const NEWEST_FIRST = Prisma.sql`DESC`;
const OLDEST_FIRST = Prisma.sql`ASC`;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * One page of the log. The cursor is the number of the last entry shown, so a page costs the same at any depth and new
 * entries never shift it; after `after` it is the number to look after next. Refuses a cursor that is no number and ids
 * that are no UUIDs.
 */
export async function readTimeline(tx: Pick<Tx, '$queryRaw'>, query: AuditQuery): Promise<Result<AuditPage, Unusable>> {
  const where = whereOf(query);
  if (!where.ok) return where;
  const rows = await tx.$queryRaw<StoredEntry[]>`
    SELECT ${ENTRY_COLUMNS} FROM audit_entries WHERE ${where.value}
    ORDER BY seq ${query.after === undefined ? NEWEST_FIRST : OLDEST_FIRST} LIMIT ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map(toAuditRow);
  const nextCursor = rows.length > query.limit ? (items.at(-1)?.seq ?? null) : null;
  if (query.after !== undefined) items.reverse();
  return ok({ items, nextCursor, head: await readLogHead(tx) });
}

type Unusable = { readonly code: 'invalid-request'; readonly detail: string };

/** The entries that a query asks for, as a condition. Refuses numbers that are none and ids that are no UUIDs. */
export function whereOf(query: Omit<AuditQuery, 'limit'>): Result<Prisma.Sql, Unusable> {
  for (const place of [query.cursor, query.after]) {
    if (place !== undefined && !/^[0-9]{1,15}$/.test(place))
      return err({ code: 'invalid-request', detail: 'cursor, after: use the number of an entry.' });
  }
  for (const id of [query.call, query.request]) {
    if (id !== undefined && !UUID.test(id))
      return err({ code: 'invalid-request', detail: 'call, request: use a UUID.' });
  }
  return ok(conditions(query));
}

function conditions(query: Omit<AuditQuery, 'limit'>): Prisma.Sql {
  const all: Prisma.Sql[] = [Prisma.sql`true`];
  if (query.cursor !== undefined) all.push(Prisma.sql`seq < ${BigInt(query.cursor)}`);
  if (query.after !== undefined) all.push(Prisma.sql`seq > ${BigInt(query.after)}`);
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
  if (query.policy !== undefined) all.push(Prisma.sql`policy_version = ${Number(query.policy)}`);
  if (query.host !== undefined) all.push(Prisma.sql`host = ${query.host}`);
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

/**
 * `kill.` and the like select a whole family. The kinds we know stand in the statement as they are, not as parameters:
 * only so does the planner see that the index over everything but the floods of calls has them all.
 */
function typeCondition(asked: string): Prisma.Sql {
  const wanted = asked.split(',');
  const known = AUDIT_EVENT_TYPES.filter((type) => wanted.some((one) => isOf(type, one)));
  const strange = wanted.filter((one) => !known.some((type) => isOf(type, one)));
  const other = Prisma.sql`type = ANY(${strange})`;
  if (known.length === 0) return other;
  const ours = Prisma.sql`type IN (${Prisma.raw(known.map((type) => `'${type}'`).join(', '))})`;
  return strange.length === 0 ? ours : Prisma.sql`(${ours} OR ${other})`;
}

function isOf(type: AuditEventType, asked: string): boolean {
  return asked.endsWith('.') ? type.startsWith(asked) : type === asked;
}
