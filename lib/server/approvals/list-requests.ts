// Server-only.
import { z } from 'zod';
import type { ApprovalSummary, ApprovalsPage } from '#lib/contracts/approvals.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { isoTimeSchema } from '#lib/contracts/shared-shapes.ts';
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
  readonly cursor?: string | undefined;
  readonly limit: number;
};

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
  const rows = await deps.prisma.$queryRaw<RequestRow[]>`
    SELECT ${requestColumns('small')}
    FROM approval_requests r JOIN agents a ON a.id = r.agent_id
    WHERE ${folder(input.status, readerId)} ${beyond(input.status, after)}
    ORDER BY ${input.status === 'pending' ? Prisma.sql`r.requested_at, r.id` : Prisma.sql`r.requested_at DESC, r.id DESC`}
    LIMIT ${input.limit + 1}`;
  const page = rows.slice(0, input.limit);
  const last = page.at(-1);
  return ok({
    items: page.map((row) => summaryOf(row, deps.keys, readerId)),
    nextCursor: rows.length > input.limit && last !== undefined ? writeCursor(last) : null,
    serverTime: (await databaseNow(deps.prisma)).toISOString(),
  });
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

function writeCursor(row: RequestRow): string {
  return Buffer.from(JSON.stringify([row.requested_at.toISOString(), row.id])).toString('base64url');
}

function readCursor(text: string): Cursor | undefined {
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
