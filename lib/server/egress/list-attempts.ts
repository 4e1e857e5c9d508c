import { z } from 'zod';
import type { EgressAttempt, EgressAttemptsQuery } from '#lib/contracts/egress-attempts.ts';
import { egressVerdictSchema } from '#lib/contracts/egress-attempts.ts';

import { isoTimeSchema } from '#lib/contracts/shared-shapes.ts';
import { entriesFor } from '#lib/core/egress/entries-for.ts';
import { type EgressEntry, listsDestination } from '#lib/core/egress/judge-url.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import type { EgressAttempt as Row } from '../generated/prisma/client.ts';
import { loadAllEntries } from './entry-rows.ts';

const cursorSchema = z.tuple([isoTimeSchema, z.uuid()]);

/** Where everybody went or was refused, newest first, a page at a time. An unreadable cursor begins anew. */
export async function listAttempts(
  database: Database,
  query: EgressAttemptsQuery,
): Promise<{ items: EgressAttempt[]; nextCursor: string | null }> {
  const after = readCursor(query.cursor);
  const rows = await database.egressAttempt.findMany({
    where: {
      ...(query.verdict === undefined ? {} : { verdict: query.verdict }),
      ...(query.identity === undefined ? {} : { identity: query.identity }),
      ...(after === null ? {} : { OR: [{ lastSeen: { lt: after.at } }, { lastSeen: after.at, id: { lt: after.id } }] }),
    },
    orderBy: [{ lastSeen: 'desc' }, { id: 'desc' }],
    take: query.limit + 1,
  });
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  const entries = await loadAllEntries(database);
  const nowMs = (await databaseNow(database)).getTime();
  return {
    items: page.map((row) => wireAttempt(row, entries, nowMs)),
    nextCursor: last === undefined ? null : writeCursor(last),
  };
}

function wireAttempt(row: Row, entries: readonly EgressEntry[], nowMs: number): EgressAttempt {
  const { scheme, host, port } = row;
  return {
    id: row.id,
    identity: row.identity,
    scheme,
    host,
    port,
    verdict: egressVerdictSchema.parse(row.verdict),
    firstSeen: row.firstSeen.toISOString(),
    lastSeen: row.lastSeen.toISOString(),
    count: Number(row.count),
    bytesOut: Number(row.bytesOut),
    bytesIn: Number(row.bytesIn),
    reason: row.lastReason,
    listed: listsDestination({ scheme, host, port }, entriesFor(entries, row.identity), nowMs),
  };
}

function writeCursor(row: Row): string {
  return Buffer.from(JSON.stringify([row.lastSeen.toISOString(), row.id])).toString('base64url');
}

function readCursor(cursor: string | undefined): { readonly at: Date; readonly id: string } | null {
  if (cursor === undefined) return null;
  try {
    const [at, id] = cursorSchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { at: new Date(at), id };
  } catch {
    return null;
  }
}
