// Server-only.
import type { Tx } from '../db/tx.ts';

/**
 * Lets one transaction at a time change who may do what, until it ends.
 * Without it two admins demoting each other at the same moment would leave none, and two set-up links two first admins.
 */
export async function lockPeople(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.people'))`;
}

/** How many active people hold admin. */
export async function countAdmins(tx: Tx): Promise<number> {
  const rows = await tx.$queryRaw<{ admins: number }[]>`
    SELECT count(*)::int AS admins FROM people WHERE status = 'active' AND 'admin' = ANY(roles)`;
  return rows[0]?.admins ?? 0;
}
