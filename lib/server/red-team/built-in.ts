// Server-only.
import type { Tx } from '../db/tx.ts';

/** Which servers and agents are the red team's own, by id: set up on the page, and in no file. */
export async function readBuiltIn(
  tx: Tx,
): Promise<{ readonly serverIds: readonly string[]; readonly agentIds: readonly string[] }> {
  const row = await tx.redTeamSettings.findUniqueOrThrow({ where: { id: 1 } });
  const present = (ids: readonly (string | null)[]) => ids.filter((id) => id !== null);
  return {
    serverIds: present([row.serverId, row.vaultServerId]),
    agentIds: present([row.agentId, row.drillAgentId]),
  };
}
