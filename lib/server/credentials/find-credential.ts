// Server-only.
import type { Tx } from '../db/tx.ts';
import type { Credential, CredentialSecret, Server } from '../generated/prisma/client.ts';

export type FoundCredential = Credential & {
  readonly secrets: readonly CredentialSecret[];
  readonly server: Server;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Finds a credential by id, or the live one of a name. Versions come oldest first. */
export async function findCredential(tx: Tx, idOrName: string): Promise<FoundCredential | null> {
  const row = await tx.credential.findFirst({
    where: UUID.test(idOrName) ? { id: idOrName } : { name: idOrName, retiredAt: null },
    include: { secrets: { orderBy: { version: 'asc' } } },
  });
  if (row === null) return null;
  const server = await tx.server.findUniqueOrThrow({ where: { id: row.serverId } });
  return { ...row, server };
}

/** The same with its row locked, after that of its server: whoever changes a server locks it first too. */
export async function lockCredential(tx: Tx, idOrName: string): Promise<FoundCredential | null> {
  const found = await findCredential(tx, idOrName);
  if (found === null) return null;
  await tx.$queryRaw`SELECT id FROM servers WHERE id = ${found.serverId}::uuid FOR UPDATE`;
  await tx.$queryRaw`SELECT id FROM credentials WHERE id = ${found.id}::uuid FOR UPDATE`;
  return findCredential(tx, found.id);
}
