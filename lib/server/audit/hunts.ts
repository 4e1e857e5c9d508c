// Server-only. Hunts: sets of the timeline's filters under a name. Nobody reads or changes another's.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import {
  type Hunt,
  type huntCreateSchema,
  type huntRenameSchema,
  huntSchema,
  type huntsPageSchema,
  MOST_HUNTS,
} from '#lib/contracts/hunts.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { ListQuery } from '#lib/contracts/shared-shapes.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

type Deps = { readonly prisma: Database };
type Saved = Result<Hunt, Refusal>;
type HuntRow = { readonly id: string; readonly name: string; readonly filters: unknown; readonly created_at: Date };

const COLUMNS = Prisma.sql`id::text, name, filters, created_at`;
const TAKEN = { code: 'name-taken', detail: 'Another of your hunts has this name.' } as const;

/** One's own hunts by name. The cursor is the last name shown. */
export async function listHunts(
  tx: Pick<Tx, '$queryRaw'>,
  principal: HumanPrincipal,
  query: ListQuery,
): Promise<z.infer<typeof huntsPageSchema>> {
  const rows = await tx.$queryRaw<HuntRow[]>`
    SELECT ${COLUMNS} FROM audit_hunts
    WHERE person_id = ${principal.id}::uuid AND name COLLATE "C" > ${query.cursor ?? ''}
    ORDER BY name COLLATE "C" LIMIT ${query.limit + 1}`;
  const items = rows.slice(0, query.limit).map(toHunt);
  return { items, nextCursor: rows.length > query.limit ? (items.at(-1)?.name ?? null) : null };
}

/**
 * Keeps a set of filters under a name. It decides nothing and shows nothing that its owner could not ask for anyhow, so
 * it is no event of the log. Refuses a name one has already, and more than fifty.
 */
export function saveHunt(
  deps: Deps,
  principal: HumanPrincipal,
  input: z.infer<typeof huntCreateSchema>,
): Promise<Saved> {
  return withTx(deps.prisma, async (tx): Promise<Saved> => {
    // One after the other for a person: two saves at once must not pass the limit together.
    await tx.$executeRaw`SELECT FROM people WHERE id = ${principal.id}::uuid FOR NO KEY UPDATE`;
    const count = await tx.auditHunt.count({ where: { personId: principal.id } });
    if (count >= MOST_HUNTS) {
      return err({ code: 'invalid-request', detail: `${MOST_HUNTS} hunts are the most: forget one first.` });
    }
    const rows = await tx.$queryRaw<HuntRow[]>`
      INSERT INTO audit_hunts (id, person_id, name, filters)
      VALUES (${randomUUIDv7()}::uuid, ${principal.id}::uuid, ${input.name}, ${JSON.stringify(input.filters)}::jsonb)
      ON CONFLICT (person_id, name) DO NOTHING RETURNING ${COLUMNS}`;
    return rows[0] === undefined ? err(TAKEN) : ok(toHunt(rows[0]));
  });
}

/** Gives one's hunt another name. One that is somebody else's is not there. */
export function renameHunt(
  deps: Deps,
  principal: HumanPrincipal,
  id: string,
  { name }: z.infer<typeof huntRenameSchema>,
): Promise<Saved> {
  return withTx(deps.prisma, async (tx): Promise<Saved> => {
    await tx.$executeRaw`SELECT FROM people WHERE id = ${principal.id}::uuid FOR NO KEY UPDATE`;
    const other = await tx.auditHunt.count({ where: { personId: principal.id, name, id: { not: id } } });
    if (other > 0) return err(TAKEN);
    const rows = await tx.$queryRaw<HuntRow[]>`
      UPDATE audit_hunts SET name = ${name} WHERE id = ${id}::uuid AND person_id = ${principal.id}::uuid
      RETURNING ${COLUMNS}`;
    return rows[0] === undefined ? err({ code: 'not-found' }) : ok(toHunt(rows[0]));
  });
}

/** Forgets one's hunt. */
export async function forgetHunt(deps: Deps, principal: HumanPrincipal, id: string): Promise<Saved> {
  const rows = await deps.prisma.$queryRaw<HuntRow[]>`
    DELETE FROM audit_hunts WHERE id = ${id}::uuid AND person_id = ${principal.id}::uuid RETURNING ${COLUMNS}`;
  return rows[0] === undefined ? err({ code: 'not-found' }) : ok(toHunt(rows[0]));
}

/** What was stored under an older release is read by today's shape: a filter that went is left out with its hunt's name kept. */
function toHunt(row: HuntRow): Hunt {
  const filters = huntSchema.shape.filters.safeParse(row.filters);
  return {
    id: row.id,
    name: row.name,
    filters: filters.success ? filters.data : {},
    createdAt: row.created_at.toISOString(),
  };
}
