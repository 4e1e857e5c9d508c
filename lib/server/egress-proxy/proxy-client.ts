// Server-only. Who asks the proxy: an agent by its own token, or a stdio server's process by the credential it was started with.
import type { AgentPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { EGRESS_AUDIENCE } from '../agents/audience.ts';
import type { Identify } from '../agents/identify.ts';
import type { Keys } from '../keys/load-keys.ts';
import type { Snapshot, SnapshotServer } from '../snapshot/snapshot.ts';
import { readProxyCredential } from './proxy-credential.ts';

/** Who asks, under the name that allowlist entries use. */
export type ProxyClient = { readonly identity: string; readonly principal: AgentPrincipal };

export type ProxyAuthParts = {
  readonly identify: Identify;
  readonly snapshot: () => Pick<Snapshot, 'servers'>;
  readonly keys: Pick<Keys, 'masterKey'>;
};

const MOST_CHARS = 4_096;
const SERVER_USER = 'server.';

/**
 * Reads a Proxy-Authorization header: `Bearer <token>`, `Basic base64(<agent>:<token>)` or
 * `Basic base64(server.<name>:<credential>)`. The name in Basic must be that of whom the secret belongs to: a secret under
 * a wrong name is a copied configuration, and its lines in the log would be somebody else's.
 */
export function identifyProxyClient(
  parts: ProxyAuthParts,
  header: string | undefined,
): Result<ProxyClient, { readonly code: 'token-invalid' | 'token-wrong-audience' }> {
  if (header === undefined || header.length > MOST_CHARS) return err({ code: 'token-invalid' });
  const [, scheme = '', rest = ''] = /^(bearer|basic) +([A-Za-z0-9._~+/=-]+)$/i.exec(header) ?? [];
  if (scheme.toLowerCase() === 'bearer') return agentClient(parts, rest, null);
  if (scheme.toLowerCase() !== 'basic') return err({ code: 'token-invalid' });
  const text = Buffer.from(rest, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return err({ code: 'token-invalid' });
  const user = text.slice(0, colon);
  const secret = text.slice(colon + 1);
  return user.startsWith(SERVER_USER)
    ? serverClient(parts, user.slice(SERVER_USER.length), secret)
    : agentClient(parts, secret, user);
}

function agentClient(
  parts: ProxyAuthParts,
  token: string,
  name: string | null,
): ReturnType<typeof identifyProxyClient> {
  const found = parts.identify(`Bearer ${token}`, EGRESS_AUDIENCE);
  if (!found.ok) return found;
  if (name !== null && found.value.name !== name) return err({ code: 'token-invalid' });
  return ok({ identity: `agent:${found.value.name}`, principal: found.value });
}

function serverClient(parts: ProxyAuthParts, name: string, secret: string): ReturnType<typeof identifyProxyClient> {
  const said = readProxyCredential(parts.keys, secret);
  const server = parts.snapshot().servers.get(name);
  if (said === null || server?.id !== said.serverId) return err({ code: 'token-invalid' });
  if (server.transport !== 'stdio' || server.status !== 'active') return err({ code: 'token-invalid' });
  // One that was written before the epoch rose belongs to a process that was to end: it, or who read it there, stays out.
  if (server.configHash !== said.configHash || server.proxyEpoch !== said.proxyEpoch) {
    return err({ code: 'token-invalid' });
  }
  return ok({ identity: `server:${server.name}`, principal: serverPrincipal(server) });
}

/** A server's own process as the door knows it: under a name that no agent can have. */
function serverPrincipal(server: Pick<SnapshotServer, 'id' | 'name' | 'configHash' | 'proxyEpoch'>): AgentPrincipal {
  return {
    kind: 'agent',
    id: server.id,
    name: `${SERVER_USER}${server.name}`,
    ownerId: server.id,
    audience: EGRESS_AUDIENCE,
    client: 'sdk',
    requestTimeoutMs: null,
    pendingCap: 0,
    aggregate: false,
    tokenEpoch: 0,
    stdioServer: { name: server.name, configHash: server.configHash, proxyEpoch: server.proxyEpoch },
  };
}
