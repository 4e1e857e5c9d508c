import type { Tx } from '../db/tx.ts';
import type { Server } from '../generated/prisma/client.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Finds a server by id or name. A server's name cannot look like an id: names end at 32 characters. */
export async function findServer(tx: Tx, idOrName: string): Promise<Server | null> {
  return UUID.test(idOrName)
    ? tx.server.findUnique({ where: { id: idOrName } })
    : tx.server.findUnique({ where: { name: idOrName } });
}

/** Finds and locks a server's row, so that scans, acceptances and changes of one server happen one after the other. */
export async function lockServer(tx: Tx, idOrName: string): Promise<Server | null> {
  const found = await findServer(tx, idOrName);
  if (found === null) return null;
  await tx.$queryRaw`SELECT id FROM servers WHERE id = ${found.id}::uuid FOR UPDATE`;
  return tx.server.findUnique({ where: { id: found.id } });
}
