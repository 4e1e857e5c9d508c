// Server-only. GET /api/v1/calls/tools?server=
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { ownValue } from '#lib/core/json/value.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { sendJson, sendProblem } from './answer.ts';

/**
 * The accepted tools of one server, for an enforcement point that shows a local server's tools to its agent. A server that
 * the agent may not reach answers like one that does not exist.
 */
export function listTools(snapshot: Snapshot, principal: AgentPrincipal, name: string | null): Response {
  const allowed = snapshot.agents.get(principal.id)?.servers;
  const server = name === null || allowed?.has(name) !== true ? undefined : snapshot.servers.get(name);
  if (server === undefined || server.status !== 'active') return sendProblem('unknown-server');
  const items = [...server.tools.values()]
    .filter((tool) => tool.pinState === 'accepted')
    .map(({ name: tool, tier, actionClass, definition }) => {
      const description = ownValue(definition, 'description');
      return { name: tool, description: typeof description === 'string' ? description : '', tier, class: actionClass };
    });
  return sendJson({ items });
}
