// Server-only. What an endpoint offers to an agent: never more than it may use.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { PROTOCOL_METHODS, type ProtocolMethod, protocolMethod } from '#lib/core/servers/protocol-methods.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';
import type { McpTarget } from './mcp-target.ts';

export const INSTRUCTIONS =
  'Calls pass an approval gateway. A result with isError and a code says that a human must decide first or has refused; do not work around it.';

/** Whether the agent may speak to this endpoint at all: "unknown-server" covers what it may not know of. */
export function refusalOfTarget(
  snapshot: Snapshot,
  principal: AgentPrincipal,
  target: McpTarget,
): 'unknown-server' | 'not-allowed' | null {
  if (target.server === null) return principal.aggregate ? null : 'not-allowed';
  return reachableServer(snapshot, principal, target.server) === null ? 'unknown-server' : null;
}

/** Tools always; resources, prompts and completions where an admin has accepted one of their methods. */
export function offeredCapabilities(snapshot: Snapshot, principal: AgentPrincipal, target: McpTarget): JsonObject {
  if (target.server === null) return { tools: {} };
  const server = reachableServer(snapshot, principal, target.server);
  const offered: Record<string, JsonObject> = { tools: {}, logging: {} };
  for (const method of PROTOCOL_METHODS) {
    if (server?.tools.get(method)?.pinState === 'accepted') offered[protocolMethod(method).capability] = {};
  }
  return offered;
}

/** Whether the server has the method, accepted or not. Where it is unknown to us the client hears "method not found". */
export function hasMethod(
  snapshot: Snapshot,
  principal: AgentPrincipal,
  name: string,
  method: ProtocolMethod,
): boolean {
  const server = reachableServer(snapshot, principal, name);
  // What the agent may not reach is refused by the door, like everything there.
  return server === null || server.tools.has(method) || server.neverAccepted.has(method);
}

/** Who answers, as clients show it. */
export function serverInfo(target: McpTarget): JsonObject {
  return { name: target.server === null ? 'countersign' : `countersign/${target.server}`, version: '0.1.0' };
}

function reachableServer(snapshot: Snapshot, principal: AgentPrincipal, name: string): SnapshotServer | null {
  const server = snapshot.servers.get(name);
  if (server === undefined || server.transport === 'external') return null;
  return snapshot.agents.get(principal.id)?.servers.has(name) === true ? server : null;
}
