// Server-only. Who is to be told, by what the database says now.
import { z } from 'zod';
import type { Role } from '#lib/core/identity/principals.ts';
import { ANY_REVIEWER, type Asked } from '#lib/core/notifications/asked-groups.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

const groups = z.array(z.string());
const termsSchema = z.object({
  factors: z.array(z.object({ groups, count: z.number() })),
  escalation: z.array(z.object({ afterS: z.number(), groups })),
});

export type OpenRequest = z.infer<typeof termsSchema> & {
  readonly id: string;
  readonly quorum: number;
  readonly stepsTaken: number;
};

/** A request that waits for people; null for one that is decided, over or not there. */
export async function readOpenRequest(tx: Tx, id: string): Promise<OpenRequest | null> {
  const rows = await tx.$queryRaw<{ quorum: number; step: number; factors: unknown; escalation: unknown }[]>`
    SELECT quorum, escalation_step AS step, factors, escalation FROM approval_requests
    WHERE id = ${id}::uuid AND status = 'pending' AND expires_at > clock_timestamp()`;
  const [row] = rows;
  if (row === undefined) return null;
  return { id, quorum: row.quorum, stepsTaken: row.step, ...termsSchema.parse(row) };
}

/**
 * Who may decide a request now, of the groups that it asks: active reviewers in one of them, and whoever holds a running
 * delegation from one; never the agent's owner, whom it acts for, another account of theirs, or who has voted already.
 * The same rule as counts the votes (`voter_exclusion`), so that nobody is called for what they cannot do.
 */
export async function decidersOf(
  tx: Tx,
  requestId: string,
  asked: readonly Asked[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const anybody = asked.some(({ group }) => group === ANY_REVIEWER);
  const names = asked.map(({ group }) => group);
  const inGroups = anybody ? Prisma.sql`true` : Prisma.sql`s.groups && ${names}::text[]`;
  const rows = await tx.$queryRaw<{ id: string; groups: string[] }[]>`
    WITH seats AS (
      SELECT s.id AS person_id, s.groups FROM people s
      WHERE s.status = 'active' AND 'reviewer' = ANY (s.roles) AND ${inGroups}
      UNION ALL
      SELECT d.to_id, s.groups FROM delegations d JOIN people s ON s.id = d.from_id
      WHERE d.revoked_at IS NULL AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp()
        AND s.status = 'active' AND 'reviewer' = ANY (s.roles) AND ${inGroups}
    )
    SELECT p.id::text, array_agg(DISTINCT g.name) FILTER (WHERE g.name IS NOT NULL) AS groups
    FROM seats JOIN people p ON p.id = seats.person_id JOIN approval_requests r ON r.id = ${requestId}::uuid
      LEFT JOIN LATERAL unnest(seats.groups) AS g(name) ON true
    WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles)
      AND NOT EXISTS (SELECT FROM votes v WHERE v.request_id = r.id AND v.withdrawn_at IS NULL
        AND v.person_id = p.id)
      AND voter_exclusion(p.id, r.agent_id, r.agent_owner_id, r.on_behalf_of, r.opened_solo) IS NULL
    GROUP BY p.id ORDER BY p.id`;
  return new Map(
    asked.map(({ group }) => [
      group,
      rows.filter((row) => group === ANY_REVIEWER || (row.groups ?? []).includes(group)).map((row) => row.id),
    ]),
  );
}

/** Active people who hold one of the roles. */
export async function holdersOf(tx: Tx, roles: readonly Role[]): Promise<readonly string[]> {
  const people = await tx.person.findMany({
    where: { status: 'active', roles: { hasSome: [...roles] } },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return people.map((person) => person.id);
}
