import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import type { AgentSecret } from './create-agent.ts';
import { lockAgent } from './find-agent.ts';
import { hashSecret, newClientSecret } from './secrets.ts';

/**
 * Gives an agent a new client secret and ends every token that the old one could have obtained.
 * The epoch kills signed tokens, the revocation kills static ones, in every gateway that reads the new version.
 */
export function rotateAgent(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
): Promise<Result<AgentSecret, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const agent = await lockAgent(tx, idOrName);
    if (agent === null) return refuse('not-found', 'There is no such agent.');
    if (agent.status === 'revoked') return refuse('conflict', 'The agent was revoked; create a new one.');
    const clientSecret = newClientSecret();
    await tx.agent.update({
      where: { id: agent.id },
      data: { clientSecretHash: hashSecret(clientSecret), tokenEpoch: { increment: 1 } },
    });
    const ended = await tx.agentToken.updateMany({
      where: { agentId: agent.id, revokedAt: null },
      data: { revokedAt: now },
    });
    await recordEvent(tx, keys, {
      type: 'agent.rotated',
      actor: auditActor(actor),
      agent: agent.name,
      detail: { tokensEnded: ended.count },
    });
    await bumpConfig(tx, 'agents', agent.id);
    return ok({ id: agent.id, clientId: agent.clientId, clientSecret });
  });
}
