// Server-only. Accounts and humans: one human may have several accounts, and counts once wherever two people are asked for.
import type { Tx } from '../db/tx.ts';

/**
 * Whether two accounts are one human: the same row, or the same subject at the identity provider. Null is the operator at
 * the host, who is one person, however many sit there.
 */
export async function isSameHuman(tx: Tx, one: string | null, other: string | null): Promise<boolean> {
  if (one === other) return true;
  if (one === null || other === null) return false;
  return (await accountsOf(tx, [one])).includes(other);
}

/** These accounts and every other account of the same humans. */
export async function accountsOf(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT p.id::text FROM people p JOIN people o ON o.id = p.id OR o.subject = p.subject
    WHERE o.id = ANY (${[...ids]}::uuid[])`;
  return [...new Set([...ids, ...rows.map((row) => row.id)])];
}
