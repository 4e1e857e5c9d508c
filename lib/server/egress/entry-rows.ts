import type { EgressEntry as WireEntry } from '#lib/contracts/servers.ts';
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';
import type { Tx } from '../db/tx.ts';
import type { EgressEntry as Row } from '../generated/prisma/client.ts';

/** The entries in force, as the judge reads them. Expired ones are kept: the judge says that they expired. */
export async function loadEntries(tx: Tx): Promise<readonly EgressEntry[]> {
  const rows = await tx.egressEntry.findMany({ where: { revokedAt: null } });
  return rows.map(toEntry);
}

function toEntry(row: Row): EgressEntry {
  return {
    scheme: row.scheme,
    host: row.host,
    port: row.port,
    pathPrefix: row.pathPrefix,
    cidr: row.cidr,
    expiresAt: row.expiresAt?.getTime() ?? null,
  };
}

/** An entry as the console shows it; `creator` is the person's name, null for the operator. */
export function wireEntry(row: Row, creator: string | null): WireEntry {
  return {
    id: row.id,
    scheme: row.scheme === 'https' ? 'https' : 'http',
    host: row.host,
    port: row.port,
    path: row.pathPrefix,
    cidr: row.cidr,
    reason: row.reason,
    createdBy: creator,
    createdAt: row.createdAt.toISOString(),
    expires: row.expiresAt?.toISOString() ?? null,
  };
}
