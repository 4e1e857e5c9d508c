// Server-only.
import type { Tx } from '../db/tx.ts';

/**
 * Lets one transaction at a time move a policy version on, until it ends. Without it two publishers could each compare
 * with the version in force, find their own change harmless, and together loosen what neither showed to a second person.
 */
export async function lockPolicies(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('countersign.policies'))`;
}
