// Server-only. Steps 4 and 6: which tool of which server, and how dangerous the registry says it is.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { EGRESS_AUDIENCE } from '../agents/audience.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';
import type { CallVia, StepRefusal, Target } from './attempt.ts';
import { EGRESS_SERVER_ID } from './egress-server.ts';

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
    readonly via: CallVia;
  },
): Result<Target, StepRefusal> {
  if (call.via === 'egress-proxy') return resolveConnect(snapshot, call);
  // The proxy's own server is asked through the proxy alone: anywhere else its approval would open nothing.
  if (snapshot.servers.get(call.server)?.id === EGRESS_SERVER_ID) return err({ code: 'unknown-server' });
  // Asked again after people have decided: a token that was revoked meanwhile runs nothing.
  const agent = snapshot.agents.get(call.principal.id);
  if (agent === undefined || !isCurrentPrincipal(snapshot, call.principal)) return err({ code: 'token-invalid' });
  if (!audienceCovers(call.principal, call.server, call.via)) return err({ code: 'token-wrong-audience' });
  const server = snapshot.servers.get(call.server);
  if (server === undefined || !agent.servers.has(call.server)) return err({ code: 'unknown-server' });
  if (call.via === 'mcp' && server.transport === 'external') return err({ code: 'unknown-server' });
  if (server.status !== 'active') return err({ code: 'server-disabled' });
  return resolvePin(server, call.tool);
}

/** A connection through the proxy: who asks must still be who it was, and the reserved server must be the built-in one. */
function resolveConnect(
  snapshot: Snapshot,
  call: { readonly principal: AgentPrincipal; readonly server: string; readonly tool: string },
): Result<Target, StepRefusal> {
  const { principal } = call;
  if (!isCurrentPrincipal(snapshot, principal)) return err({ code: 'token-invalid' });
  if (principal.audience !== EGRESS_AUDIENCE) return err({ code: 'token-wrong-audience' });
  const server = snapshot.servers.get(call.server);
  if (server === undefined || server.id !== EGRESS_SERVER_ID) return err({ code: 'unknown-server' });
  if (server.status !== 'active') return err({ code: 'server-disabled' });
  return resolvePin(server, call.tool);
}

/**
 * Whether a principal of the proxy is still in force: the agent active under the same token, or the stdio server active
 * under the configuration its credential names.
 */
export function isCurrentPrincipal(snapshot: Snapshot, principal: AgentPrincipal): boolean {
  const { stdioServer, tokenHash, tokenId, keyId } = principal;
  if (stdioServer !== undefined) {
    const server = snapshot.servers.get(stdioServer.name);
    return (
      server?.transport === 'stdio' &&
      server.id === principal.id &&
      server.status === 'active' &&
      server.configHash === stdioServer.configHash
    );
  }
  const agent = snapshot.agents.get(principal.id);
  if (agent === undefined || agent.tokenEpoch !== principal.tokenEpoch) return false;
  if (tokenId !== undefined && snapshot.revokedTokens.has(tokenId)) return false;
  if (keyId !== undefined && !agent.keys.has(keyId)) return false;
  return tokenHash === undefined || snapshot.tokens.has(tokenHash);
}

function resolvePin(server: SnapshotServer, name: string): Result<Target, StepRefusal> {
  const tool = server.tools.get(name);
  if (tool === undefined) {
    return err({ code: server.neverAccepted.has(name) ? 'tool-quarantined' : 'unknown-tool' });
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

function audienceCovers(principal: AgentPrincipal, server: string, via: CallVia): boolean {
  if (via === 'decision-api') return principal.audience === '/api/v1/calls';
  return principal.audience === `/mcp/${server}` || (principal.audience === '/mcp' && principal.aggregate);
}
