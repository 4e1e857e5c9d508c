// Server-only.
import type { Tx } from '../db/tx.ts';

/** `solo`: exactly one active human holds reviewer, and the rules for two people bend to re-authentication. */
export type Separation = 'solo' | 'full';

/** How far duties are separated now. Nobody holding reviewer is not solo: then nobody may decide at all. */
export async function readSeparation(tx: Tx): Promise<Separation> {
  const rows = await tx.$queryRaw<{ reviewers: number }[]>`
    SELECT count(*)::int AS reviewers FROM people WHERE status = 'active' AND 'reviewer' = ANY(roles)`;
  return rows[0]?.reviewers === 1 ? 'solo' : 'full';
}
