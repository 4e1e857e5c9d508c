// Server-only. Which resources an agent may ask a token for.
import type { Tx } from '../db/tx.ts';
import { audienceTarget } from './audience.ts';

/**
 * Whether an agent may hold a token for an audience: a server it is allowed on, the aggregate if enabled for it, the
 * decision API, or the egress proxy once it has a destination of its own. An audience that is none of ours, or a server
 * that does not exist, is refused.
 */
export async function mayUseAudience(
  tx: Tx,
  agent: { readonly id: string; readonly name: string; readonly aggregate: boolean },
  audience: string,
): Promise<boolean> {
  const target = audienceTarget(audience);
  if (target === null) return false;
  switch (target.kind) {
    case 'calls':
      return true;
    case 'aggregate':
      return agent.aggregate;
    case 'egress': {
      const identity = `agent:${agent.name}`;
      const own = await tx.egressEntry.findFirst({ where: { identity, revokedAt: null } });
      // An agent for which people are asked needs no entry to begin with.
      return own !== null || (await tx.egressIdentity.findFirst({ where: { identity, onFirstSeen: 'ask' } })) !== null;
    }
    case 'server': {
      const allowed = await tx.agentServer.findFirst({ where: { agentId: agent.id, server: { name: target.server } } });
      return allowed !== null;
    }
  }
}
