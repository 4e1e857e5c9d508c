// Server-only.
import type { z } from 'zod';
import type { grantsPageSchema, grantsQuerySchema } from '#lib/contracts/grants.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, withTx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { GRANT_COLUMNS, toGrantRow } from './grant-row.ts';
import { toGrant } from './grant-view.ts';

export type GrantsPage = z.infer<typeof grantsPageSchema>;

/** A page of grants, newest first, by keyset over ids, which are in the order of time. Anybody signed in may look. */
export async function listGrants(
  deps: { readonly prisma: Database },
  reader: HumanPrincipal,
  input: z.infer<typeof grantsQuerySchema>,
): Promise<Result<GrantsPage, Refusal>> {
  const { cursor, limit } = input;
  if (cursor !== undefined && !idSchema.safeParse(cursor).success) {
    return err({ code: 'invalid-request', detail: 'cursor: not one of ours' });
  }
  const isLive = Prisma.sql`(g.status = 'pending' AND g.decide_by > clock_timestamp()
    OR g.status = 'active' AND g.expires_at > clock_timestamp())`;
  return withTx(deps.prisma, async (tx): Promise<Result<GrantsPage, Refusal>> => {
    const rows = await tx.$queryRaw<{ owner: string; now: Date }[]>`
      SELECT ${Prisma.raw(GRANT_COLUMNS)}, a.owner_id::text AS owner, clock_timestamp() AS now
      FROM grants g JOIN agents a ON a.id = g.agent_id
      WHERE ${input.status === 'live' ? isLive : Prisma.sql`NOT ${isLive}`}
        ${cursor === undefined ? Prisma.empty : Prisma.sql`AND g.id < ${cursor}::uuid`}
      ORDER BY g.id DESC LIMIT ${limit + 1}`;
    const page = rows.slice(0, limit).map((row) => ({ ...toGrantRow(row), current_owner_id: row.owner, now: row.now }));
    const items: GrantsPage['items'] = [];
    for (const row of page) items.push(await toGrant(tx, reader, row));
    const nextCursor = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
    return ok({ items, nextCursor, serverTime: (await databaseNow(tx)).toISOString() });
  });
}
