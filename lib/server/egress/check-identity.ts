import { GATEWAY_IDENTITY, NOTIFICATIONS_IDENTITY } from '#lib/core/egress/entries-for.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';

/**
 * Whether an identity is there. Refuses agents that are revoked or unknown and servers that are not stdio servers: an
 * entry for a name that nobody holds would wait for whoever is given that name next.
 */
export async function checkIdentity(tx: Tx, identity: string): Promise<Result<string, ConfigRefusal>> {
  if (identity === GATEWAY_IDENTITY || identity === NOTIFICATIONS_IDENTITY) return ok(identity);
  const colon = identity.indexOf(':');
  const kind = identity.slice(0, colon);
  const name = identity.slice(colon + 1);
  if (kind === 'agent') {
    const agent = await tx.agent.findUnique({ where: { name }, select: { status: true } });
    return agent?.status === 'active' ? ok(identity) : refuse('invalid-request', `There is no active agent ${name}.`);
  }
  const server = await tx.server.findUnique({ where: { name }, select: { transport: true } });
  return server?.transport === 'stdio'
    ? ok(identity)
    : refuse('invalid-request', `There is no stdio server ${name}: other servers are reached by the gateway.`);
}
