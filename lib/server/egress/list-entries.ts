import type { EgressEntry as WireEntry } from '#lib/contracts/egress.ts';
import type { Tx } from '../db/tx.ts';
import { wireEntries } from './entry-rows.ts';

const LIMIT = 1000;

/** Every entry that was not removed, expired ones too, by host. */
export async function listEgressEntries(tx: Tx): Promise<{ items: WireEntry[]; nextCursor: null }> {
  const rows = await tx.egressEntry.findMany({
    where: { revokedAt: null },
    orderBy: [{ host: 'asc' }, { port: 'asc' }, { id: 'asc' }],
    take: LIMIT,
  });
  return { items: await wireEntries(tx, rows), nextCursor: null };
}
