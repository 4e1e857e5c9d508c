// Server-only. Steps 4 and 6: which tool of which server, and how dangerous the registry says it is.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { StepRefusal, Target } from './attempt.ts';

/**
 * Finds the pinned tool an agent may call. Unknown, not allowed, never accepted, drifted or gone: denied.
 *
 * A server that the agent may not reach answers like one that does not exist, so names cannot be probed. A token for one
 * server opens that server only. Tools that do not speak MCP are never forwarded, so MCP does not know them.
 */
export function resolveTool(
  snapshot: Snapshot,
  call: {
    readonly principal: AgentPrincipal;
    readonly server: string;
    readonly tool: string;
    readonly via: 'mcp' | 'decision-api';
  },
): Result<Target, StepRefusal> {
  const agent = snapshot.agents.get(call.principal.id);
  if (agent === undefined || agent.tokenEpoch !== call.principal.tokenEpoch) return err({ code: 'token-invalid' });
  // Asked again after people have decided: a token that was revoked meanwhile runs nothing.
  const { tokenHash } = call.principal;
  if (tokenHash !== undefined && !snapshot.tokens.has(tokenHash)) return err({ code: 'token-invalid' });
  if (!audienceCovers(call.principal, call.server, call.via)) return err({ code: 'token-wrong-audience' });
  const server = snapshot.servers.get(call.server);
  if (server === undefined || !agent.servers.has(call.server)) return err({ code: 'unknown-server' });
  if (call.via === 'mcp' && server.transport === 'external') return err({ code: 'unknown-server' });
  if (server.status !== 'active') return err({ code: 'server-disabled' });
  const tool = server.tools.get(call.tool);
  if (tool === undefined) {
    return err({ code: server.neverAccepted.has(call.tool) ? 'tool-quarantined' : 'unknown-tool' });
  }
  switch (tool.pinState) {
    case 'accepted':
      return ok({ server, tool, tier: tool.tier, actionClass: tool.actionClass });
    case 'new':
    case 'drifted':
      return err({ code: 'tool-quarantined' });
    case 'missing':
      return err({ code: 'unknown-tool' });
  }
}

function audienceCovers(principal: AgentPrincipal, server: string, via: 'mcp' | 'decision-api'): boolean {
  if (via === 'decision-api') return principal.audience === '/api/v1/calls';
  return principal.audience === `/mcp/${server}` || (principal.audience === '/mcp' && principal.aggregate);
}
