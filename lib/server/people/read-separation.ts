// Server-only.
import type { Tx } from '../db/tx.ts';

/**
 * `solo`: exactly one active human holds reviewer, and the rules for two people bend to re-authentication. Whoever reviews only
 * since a tie that still holds (`person_ties`) does not end it, and shutting the others out does not begin it for a day.
 */
export type Separation = 'solo' | 'full';

/** How far duties are separated now. Nobody holding reviewer is not solo: then nobody may decide at all. */
export async function readSeparation(tx: Tx): Promise<Separation> {
  const rows = await tx.$queryRaw<{ reviewers: number }[]>`SELECT reviewers_apart() AS reviewers`;
  return rows[0]?.reviewers === 1 ? 'solo' : 'full';
}
