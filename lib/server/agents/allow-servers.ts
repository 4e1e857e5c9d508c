// Server-only. Which servers an agent may reach.
import type { Refusal } from '#lib/contracts/problems.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';

/**
 * Sets which servers an agent may reach: exactly the named ones.
 * Refuses a name that is not registered, because a typo must not wait to become a permission later.
 */
export async function allowServers(
  tx: Tx,
  agentId: string,
  names: readonly string[],
): Promise<Result<'changed' | 'same', Refusal>> {
  const wanted = [...new Set(names)];
  const servers = await tx.server.findMany({ where: { name: { in: wanted } } });
  const missing = wanted.find((name) => !servers.some((server) => server.name === name));
  if (missing !== undefined) return refuse('invalid-request', `There is no server named ${missing}.`);
  const present = await tx.agentServer.findMany({ where: { agentId } });
  const add = servers.filter((server) => !present.some((one) => one.serverId === server.id));
  const remove = present.filter((one) => !servers.some((server) => server.id === one.serverId));
  if (add.length === 0 && remove.length === 0) return ok('same');
  await tx.agentServer.createMany({ data: add.map((server) => ({ agentId, serverId: server.id })) });
  await tx.agentServer.deleteMany({ where: { agentId, serverId: { in: remove.map((one) => one.serverId) } } });
  return ok('changed');
}
