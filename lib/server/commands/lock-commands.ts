// Server-only.
import type { Tx } from '../db/tx.ts';

/** Taken by whoever proposes, approves or withdraws: a proposal is judged against what stands under its name. */
export async function lockCommands(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('countersign/commands'))`;
}
