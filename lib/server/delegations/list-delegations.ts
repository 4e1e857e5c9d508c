// Server-only.
import type { Delegations } from '#lib/contracts/exceptions.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';

export type DelegationRow = {
  readonly id: string;
  readonly from_id: string;
  readonly from_name: string;
  readonly to_id: string;
  readonly to_name: string;
  readonly reason: string;
  readonly starts_at: Date;
  readonly ends_at: Date;
  readonly revoked_at: Date | null;
  readonly active: boolean;
};

const MOST = 200;
const LISTED_DAYS = 30;
const COLUMNS = Prisma.sql`d.id::text, d.from_id::text, f.name AS from_name, d.to_id::text, t.name AS to_name, d.reason,
  d.starts_at, d.ends_at, d.revoked_at,
  d.revoked_at IS NULL AND d.starts_at <= clock_timestamp() AND d.ends_at > clock_timestamp() AS active`;

/**
 * Who may vote in whose place: running ones, those to come, and those that ended within a month, newest first.
 * Everybody who is signed in may look: whose voice a vote is must be no secret.
 */
export async function listDelegations(tx: Tx): Promise<Delegations> {
  const rows = await tx.$queryRaw<DelegationRow[]>`
    SELECT ${COLUMNS} FROM delegations d JOIN people f ON f.id = d.from_id JOIN people t ON t.id = d.to_id
    WHERE least(d.ends_at, d.revoked_at) > clock_timestamp() - make_interval(days => ${LISTED_DAYS})
    ORDER BY d.created_at DESC, d.id DESC LIMIT ${MOST}`;
  return { items: rows.map(toDelegation), serverTime: (await databaseNow(tx)).toISOString() };
}

/** One delegation, locked; null when there is none. */
export async function lockDelegation(tx: Tx, id: string): Promise<DelegationRow | null> {
  const rows = await tx.$queryRaw<DelegationRow[]>`
    SELECT ${COLUMNS} FROM delegations d JOIN people f ON f.id = d.from_id JOIN people t ON t.id = d.to_id
    WHERE d.id = ${id}::uuid FOR UPDATE OF d`;
  return rows[0] ?? null;
}

/** A row as the console shows it. */
export function toDelegation(row: DelegationRow): Delegations['items'][number] {
  return {
    id: row.id,
    from: row.from_name,
    fromId: row.from_id,
    to: row.to_name,
    toId: row.to_id,
    reason: row.reason,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    revokedAt: row.revoked_at?.toISOString() ?? null,
    active: row.active,
  };
}
