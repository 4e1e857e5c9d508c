import type { EgressEntry as WireEntry } from '#lib/contracts/egress.ts';
import { GATEWAY_IDENTITY } from '#lib/core/egress/entries-for.ts';
import type { EgressEntry } from '#lib/core/egress/judge-url.ts';
import type { Tx } from '../db/tx.ts';
import type { EgressEntry as Row } from '../generated/prisma/client.ts';

/** Oldest first, so that every process reads one list. */
const IN_ORDER: { [column in 'createdAt' | 'id']?: 'asc' }[] = [{ createdAt: 'asc' }, { id: 'asc' }];

/**
 * The entries of an identity that were not removed, as the judge reads them. Expired ones are kept: the judge says that
 * they expired.
 */
export async function loadEntries(tx: Tx, identity: string = GATEWAY_IDENTITY): Promise<readonly EgressEntry[]> {
  const rows = await tx.egressEntry.findMany({ where: { identity, revokedAt: null }, orderBy: IN_ORDER });
  return rows.map(toEntry);
}

/** The entries of every identity, for lists. */
export async function loadAllEntries(tx: Tx): Promise<readonly EgressEntry[]> {
  const rows = await tx.egressEntry.findMany({ where: { revokedAt: null }, orderBy: IN_ORDER });
  return rows.map(toEntry);
}

function toEntry(row: Row): EgressEntry {
  return {
    scheme: row.scheme,
    host: row.host,
    port: row.port,
    pathPrefix: row.pathPrefix,
    cidr: row.cidr,
    identity: row.identity,
    tlsPin: row.tlsPin,
    clientCertificateId: row.clientCertificateId,
    expiresAt: row.expiresAt?.getTime() ?? null,
  };
}

/** The people of an entry as the console shows them; null: the operator. */
export type EntryPeople = { readonly creator: string | null; readonly owner: string | null };

/** An entry as the console shows it. */
export function wireEntry(row: Row, { creator, owner }: EntryPeople): WireEntry {
  return {
    id: row.id,
    identity: row.identity,
    scheme: row.scheme === 'https' ? 'https' : 'http',
    host: row.host,
    port: row.port,
    path: row.pathPrefix,
    cidr: row.cidr,
    tlsPin: row.tlsPin,
    clientCertificate: row.clientCertificateId,
    reason: row.reason,
    owner,
    createdBy: creator,
    createdAt: row.createdAt.toISOString(),
    expires: row.expiresAt?.toISOString() ?? null,
  };
}

/** Entries as the console shows them, with the names of who added them and the e-mails of who answers for them. */
export async function wireEntries(tx: Tx, rows: readonly Row[]): Promise<WireEntry[]> {
  const ids = rows.flatMap((row) => [row.createdBy, row.ownerId]).filter((id) => id !== null);
  const people = await tx.person.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, name: true, email: true },
  });
  const byId = new Map(people.map((person) => [person.id, person]));
  return rows.map((row) =>
    wireEntry(row, {
      creator: row.createdBy === null ? null : (byId.get(row.createdBy)?.name ?? null),
      owner: row.ownerId === null ? null : (byId.get(row.ownerId)?.email ?? null),
    }),
  );
}
