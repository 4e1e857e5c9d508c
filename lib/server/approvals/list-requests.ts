// Server-only.
import { z } from 'zod';
import type { ApprovalSummary, ApprovalsPage } from '#lib/contracts/approval-rows.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { isoTimeSchema } from '#lib/contracts/shared-shapes.ts';
import { type FilterPart, type FilterWord, filterWords, matchesWords } from '#lib/core/approvals/inbox-filter.ts';
import { personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { openArgs, type RequestRow, requestColumns, toSummary } from './request-row.ts';

export type ListInput = {
  readonly status: 'pending' | 'history' | 'mine';
  /** Only these, in any state, however they are filed; with commas between. */
  readonly ids?: string | undefined;
  /** Only those in which all these words occur. */
  readonly q?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
};

const BATCH = 500;
const MOST_LOOKED_AT = 2_000;
const cursorSchema = z.tuple([isoTimeSchema, z.uuid()]);

/**
 * A page of the inbox, oldest first while pending and newest first otherwise, by keyset: new arrivals never shift a page.
 * Anybody signed in may look, and the operator at the host; what a person may decide is told per request.
 */
export async function listRequests(
  deps: { readonly prisma: Database; readonly keys: Keys },
  reader: ConfigActor,
  input: ListInput,
): Promise<Result<ApprovalsPage, Refusal>> {
  const after = input.cursor === undefined ? null : readCursor(input.cursor);
  if (after === undefined) return err({ code: 'invalid-request', detail: 'cursor: not one of ours' });
  const readerId = personIdOf(reader);
  if (input.ids !== undefined) return ok(await readChanged(deps, readerId, input.ids.split(',')));
  const words = filterWords(input.q ?? '');
  const { items, next } =
    words.length === 0
      ? await readPage(deps, readerId, input, after)
      : await searchPage(deps, readerId, { ...input, words }, after);
  const serverTime = (await databaseNow(deps.prisma)).toISOString();
  return ok({ items, nextCursor: next === null ? null : writeCursor(next), serverTime });
}

type Deps = { readonly prisma: Database; readonly keys: Keys };
type Found = { readonly items: ApprovalSummary[]; readonly next: Cursor | null };

async function readPage(deps: Deps, readerId: string | null, input: ListInput, after: Cursor | null): Promise<Found> {
  const rows = await readRows(deps, readerId, { ...input, words: [] }, after, input.limit + 1);
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return {
    items: page.map((row) => summaryOf(row, deps.keys, readerId)),
    next: rows.length > input.limit && last !== undefined ? cursorOf(last) : null,
  };
}

/**
 * Rows with all words of a filter. Arguments are sealed, so they are opened here, a bounded number at a time: a page ends
 * with what it found and the place to go on from, and the reader asks again.
 */
async function searchPage(deps: Deps, readerId: string | null, input: Searched, after: Cursor | null): Promise<Found> {
  const items: ApprovalSummary[] = [];
  let from = after;
  for (let looked = 0; looked < MOST_LOOKED_AT; looked += BATCH) {
    const rows = await readRows(deps, readerId, input, from, BATCH);
    for (const row of rows) {
      from = cursorOf(row);
      const summary = summaryOf(row, deps.keys, readerId);
      if (matchesWords(summary, input.words)) items.push(summary);
      // There may be none after it; then the next page is empty and the last.
      if (items.length === input.limit) return { items, next: from };
    }
    if (rows.length < BATCH) return { items, next: null };
  }
  return { items, next: from };
}

type Searched = Pick<ListInput, 'status' | 'limit'> & { readonly words: readonly FilterWord[] };

function readRows(
  { prisma }: Pick<Deps, 'prisma'>,
  readerId: string | null,
  { status, words }: Searched,
  after: Cursor | null,
  limit: number,
): Promise<RequestRow[]> {
  return prisma.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('small')}
    FROM approval_requests r JOIN agents a ON a.id = r.agent_id
    WHERE ${folder(status, readerId)} ${beyond(status, after)} ${narrowed(words)}
    ORDER BY ${status === 'pending' ? Prisma.sql`r.requested_at, r.id` : Prisma.sql`r.requested_at DESC, r.id DESC`}
    LIMIT ${limit}`;
}

/** Columns that hold nothing but ASCII, so that the database finds in them what the reader's words mean. */
const NARROWED: Readonly<Partial<Record<FilterPart, Prisma.Sql>>> = {
  tier: Prisma.sql`r.tier::text`,
  agent: Prisma.sql`r.agent_name`,
  server: Prisma.sql`r.server_name`,
  class: Prisma.sql`r.action_class`,
  rule: Prisma.sql`r.rule`,
};

/** What the database can tell without opening arguments. */
function narrowed(words: readonly FilterWord[]): Prisma.Sql {
  const parts = words.flatMap(({ part, text }) => {
    const column = part === null ? undefined : NARROWED[part];
    return column === undefined ? [] : [Prisma.sql`AND strpos(lower(${column}), ${text}) > 0`];
  });
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
}

/** What became of the requests that hints named: a page with a thousand lines asks for the few that changed. */
async function readChanged(
  deps: { readonly prisma: Database; readonly keys: Keys },
  readerId: string | null,
  ids: readonly string[],
): Promise<ApprovalsPage> {
  const rows = await deps.prisma.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('small')}
    FROM approval_requests r JOIN agents a ON a.id = r.agent_id WHERE r.id = ANY(${[...ids]}::uuid[])`;
  const now = rows[0]?.now ?? (await databaseNow(deps.prisma));
  return {
    items: rows.map((row) => summaryOf(row, deps.keys, readerId)),
    nextCursor: null,
    serverTime: now.toISOString(),
  };
}

function summaryOf(row: RequestRow, keys: Keys, readerId: string | null): ApprovalSummary {
  return toSummary(row, row.args_sealed === null ? null : openArgs(row, keys), readerId);
}

function folder(status: ListInput['status'], personId: string | null): Prisma.Sql {
  switch (status) {
    case 'pending':
      return Prisma.sql`r.status = 'pending' AND r.expires_at > clock_timestamp()`;
    case 'history':
      return Prisma.sql`(r.status <> 'pending' OR r.expires_at <= clock_timestamp())`;
    case 'mine':
      return Prisma.sql`(r.agent_owner_id = ${personId}::uuid OR a.owner_id = ${personId}::uuid)`;
  }
}

type Cursor = readonly [string, string];

function beyond(status: ListInput['status'], after: Cursor | null): Prisma.Sql {
  if (after === null) return Prisma.empty;
  const [at, id] = after;
  return status === 'pending'
    ? Prisma.sql`AND (r.requested_at, r.id) > (${at}::timestamptz, ${id}::uuid)`
    : Prisma.sql`AND (r.requested_at, r.id) < (${at}::timestamptz, ${id}::uuid)`;
}

function cursorOf(row: RequestRow): Cursor {
  return [row.requested_at.toISOString(), row.id];
}

function writeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

function readCursor(text: string): Cursor | undefined {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
