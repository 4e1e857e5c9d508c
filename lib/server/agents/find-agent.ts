// Server-only. One agent by id or name.
import type { Tx } from '../db/tx.ts';
import type { Agent } from '../generated/prisma/client.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Finds an agent by id or name. An agent's name cannot look like an id: names end at 32 characters. */
export async function findAgent(tx: Tx, idOrName: string): Promise<Agent | null> {
  return UUID.test(idOrName)
    ? tx.agent.findUnique({ where: { id: idOrName } })
    : tx.agent.findUnique({ where: { name: idOrName } });
}

/** Finds and locks an agent's row, so that concurrent changes of one agent happen one after the other. */
export async function lockAgent(tx: Tx, idOrName: string): Promise<Agent | null> {
  const found = await findAgent(tx, idOrName);
  if (found === null) return null;
  await tx.$queryRaw`SELECT id FROM agents WHERE id = ${found.id}::uuid FOR UPDATE`;
  return tx.agent.findUnique({ where: { id: found.id } });
}
