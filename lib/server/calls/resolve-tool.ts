// Server-only. Steps 4 and 6: which tool of which server, and how dangerous the registry says it is.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { raisedTier } from '#lib/core/risk/raised-tier.ts';
import { EGRESS_AUDIENCE } from '../agents/audience.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';
import type { CallArguments, CallVia, StepRefusal, Target } from './attempt.ts';
import { EGRESS_SERVER_ID } from './egress-server.ts';

/**
 * Finds the pinned tool an agent may call. Unknown, not allowed, never accepted, drifted or gone: denied. Its tier is one
 * step up for a call whose arguments mislead the eye.
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
    readonly args: Pick<CallArguments, 'canonical'>;
  },
  nowMs: number,
): Result<Target, StepRefusal> {
  if (call.via === 'egress-proxy') return resolveConnect(snapshot, call, nowMs);
  // The proxy's own server is asked through the proxy alone: anywhere else its approval would open nothing.
  if (snapshot.servers.get(call.server)?.id === EGRESS_SERVER_ID) return err({ code: 'unknown-server' });
  // Asked again after people have decided: a token that was revoked meanwhile runs nothing.
  const agent = snapshot.agents.get(call.principal.id);
  if (agent === undefined || !isCurrentPrincipal(snapshot, call.principal, nowMs))
    return err({ code: 'token-invalid' });
  if (!audienceCovers(call.principal, call.server, call.via)) return err({ code: 'token-wrong-audience' });
  const server = snapshot.servers.get(call.server);
  if (server === undefined || !agent.servers.has(call.server)) return err({ code: 'unknown-server' });
  if (call.via === 'mcp' && server.transport === 'external') return err({ code: 'unknown-server' });
  if (server.status !== 'active') return err({ code: 'server-disabled' });
  const resolved = resolvePin(server, call.tool);
  if (!resolved.ok) return resolved;
  return ok({ ...resolved.value, tier: raisedTier(resolved.value.tier, call.args.canonical) });
}

/** A connection through the proxy: who asks must still be who it was, and the reserved server must be the built-in one. */
function resolveConnect(
  snapshot: Snapshot,
  call: { readonly principal: AgentPrincipal; readonly server: string; readonly tool: string },
  nowMs: number,
): Result<Target, StepRefusal> {
  const { principal } = call;
  if (!isCurrentPrincipal(snapshot, principal, nowMs)) return err({ code: 'token-invalid' });
  if (principal.audience !== EGRESS_AUDIENCE) return err({ code: 'token-wrong-audience' });
  const server = snapshot.servers.get(call.server);
  if (server === undefined || server.id !== EGRESS_SERVER_ID) return err({ code: 'unknown-server' });
  if (server.status !== 'active') return err({ code: 'server-disabled' });
  return resolvePin(server, call.tool);
}

/**
 * Whether nobody has ended who asked: the agent active and its epoch, token and key not revoked, the key's overlap not
 * over; or the stdio server active under the configuration and epoch its credential names. `nowMs` is the database's time.
 *
 * That the token has run out by itself since is left out on purpose: it was good when the call came, people may think for
 * longer than its fifteen minutes, and a call that is held begins nothing new. What goes on by itself, a tunnel, asks
 * `principalEndsAtMs` as well.
 */
export function isCurrentPrincipal(
  snapshot: Pick<Snapshot, 'agents' | 'tokens' | 'revokedTokens' | 'servers'>,
  principal: AgentPrincipal,
  nowMs: number,
): boolean {
  const { stdioServer, tokenHash, tokenId, keyId } = principal;
  if (stdioServer !== undefined) {
    const server = snapshot.servers.get(stdioServer.name);
    return (
      server?.transport === 'stdio' &&
      server.id === principal.id &&
      server.status === 'active' &&
      server.configHash === stdioServer.configHash &&
      server.proxyEpoch === stdioServer.proxyEpoch
    );
  }
  const agent = snapshot.agents.get(principal.id);
  if (agent === undefined || agent.tokenEpoch !== principal.tokenEpoch) return false;
  if (tokenId !== undefined && snapshot.revokedTokens.has(tokenId)) return false;
  if (keyId !== undefined && nowMs >= (agent.keys.get(keyId) ?? 0)) return false;
  return tokenHash === undefined || snapshot.tokens.has(tokenHash);
}

/**
 * When the token that a principal came with ends by itself, on the database's clock. A static one by its row, which a
 * renewal shortens; infinite for a stdio server's process, which has no token.
 */
export function principalEndsAtMs(snapshot: Pick<Snapshot, 'tokens'>, principal: AgentPrincipal): number {
  const { tokenHash, expiresAtMs } = principal;
  if (tokenHash !== undefined) return snapshot.tokens.get(tokenHash)?.expiresAtMs ?? 0;
  return expiresAtMs ?? Number.POSITIVE_INFINITY;
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
