import type { EgressEntry as WireEntry } from '#lib/contracts/servers.ts';
import type { Tx } from '../db/tx.ts';
import { wireEntry } from './entry-rows.ts';

const LIMIT = 1000;

/** Every entry that was not removed, expired ones too, by host. */
export async function listEgressEntries(tx: Tx): Promise<{ items: WireEntry[]; nextCursor: null }> {
  const rows = await tx.egressEntry.findMany({
    where: { revokedAt: null },
    orderBy: [{ host: 'asc' }, { port: 'asc' }, { id: 'asc' }],
    take: LIMIT,
  });
  const creators = await tx.person.findMany({
    where: { id: { in: rows.flatMap((row) => (row.createdBy === null ? [] : [row.createdBy])) } },
    select: { id: true, name: true },
  });
  const nameOf = new Map(creators.map((person) => [person.id, person.name]));
  const items = rows.map((row) => wireEntry(row, row.createdBy === null ? null : (nameOf.get(row.createdBy) ?? null)));
  return { items, nextCursor: null };
}
