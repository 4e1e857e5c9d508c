// Server-only. What a red-team run does to the installation: it has a report of its own, and is nobody's incident.
import type { WatchedEntry } from '#lib/core/incidents/from-log.ts';
import type { Tx } from '../db/tx.ts';

export type RedTeam = { readonly agents: readonly string[]; readonly servers: readonly string[] };

/** The agents and servers that the red team owns, by their rows: a name alone could be taken by anybody. */
export async function readRedTeam(tx: Tx): Promise<RedTeam> {
  const [row] = await tx.$queryRaw<RedTeam[]>`
    SELECT array(SELECT name FROM agents WHERE id IN (s.agent_id, s.drill_agent_id)) AS agents,
      array(SELECT name FROM servers WHERE id IN (s.server_id, s.vault_server_id)) AS servers
    FROM red_team_settings s WHERE s.id = 1`;
  return row ?? { agents: [], servers: [] };
}

/**
 * Whether an entry is about what the red team owns. Only together with a run at that moment is it the run's own doing: the
 * same agent at another hour is somebody who has its secret.
 */
export function isRedTeams({ agents, servers }: RedTeam, entry: WatchedEntry): boolean {
  if (entry.agent !== null) return agents.includes(entry.agent);
  if (entry.server !== null) return servers.includes(entry.server);
  const { scope } = entry.detail;
  return agents.some((name) => scope === `agent:${name}`) || servers.some((name) => scope === `server:${name}`);
}
