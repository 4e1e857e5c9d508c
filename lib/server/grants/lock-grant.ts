// Server-only.
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { GRANT_COLUMNS, type GrantRow, toGrantRow } from './grant-row.ts';

/** A grant under its lock, with the owner its agent has now and the database's time. */
export type LockedGrant = GrantRow & { readonly current_owner_id: string; readonly now: Date };

/**
 * Locks the kill epoch, then the grant: the order in which a kill and a use take them. The clock is read under the locks,
 * so that what waited past its time comes too late.
 */
export async function lockGrant(tx: Tx, id: string): Promise<LockedGrant | null> {
  await shareEpoch(tx);
  await tx.$queryRaw`SELECT 1 FROM grants WHERE id = ${id}::uuid FOR UPDATE`;
  return readGrant(tx, id);
}

/** The kill epoch, held until the transaction ends: no kill commits meanwhile. */
export async function shareEpoch(tx: Tx): Promise<bigint> {
  const rows = await tx.$queryRaw<{ epoch: bigint }[]>`SELECT epoch FROM kill_head WHERE id = 1 FOR SHARE`;
  const epoch = rows[0]?.epoch;
  if (epoch === undefined) throw new Error('kill_head has no row: the database was not migrated.');
  return epoch;
}

/** A grant as it is now, without a lock. */
export async function readGrant(tx: Tx, id: string): Promise<LockedGrant | null> {
  const rows = await tx.$queryRaw<{ owner: string; now: Date }[]>`
    SELECT ${Prisma.raw(GRANT_COLUMNS)}, a.owner_id::text AS owner, clock_timestamp() AS now
    FROM grants g JOIN agents a ON a.id = g.agent_id WHERE g.id = ${id}::uuid`;
  const row = rows[0];
  return row === undefined ? null : { ...toGrantRow(row), current_owner_id: row.owner, now: row.now };
}

/** Tells everybody that a grant changed; gateways read those that run. */
export function announceGrant(tx: Tx, grant: Pick<GrantRow, 'id' | 'version' | 'status'>): Promise<void> {
  return notify(tx, 'cs_grant', { id: grant.id, version: grant.version, status: grant.status });
}
