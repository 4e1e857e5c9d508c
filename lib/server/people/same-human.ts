// Server-only. Accounts and humans: one human may have several accounts, and counts once wherever two people are asked for.
import type { Tx } from '../db/tx.ts';

/**
 * Whether two accounts are one human: the same row, the same subject at the identity provider, or for 24 hours an account
 * and whoever made the link that reset it, made the account or gave it a role, because they may be who uses it (`accounts_of`
 * in the database says it, for votes too). All but a reset ends with somebody else's confirmation. Null is the operator at the host, who is one person, however many sit there, and whose
 * links tie nobody.
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
    SELECT unnest(accounts_of(${[...ids]}::uuid[]))::text AS id`;
  return rows.map((row) => row.id);
}
