// Server-only. The end of one static token.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { lockAgent } from './find-agent.ts';

/** Ends one static token of an agent at once; ending it twice is the same as once. */
export function revokeToken(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  tokenId: string,
): Promise<Result<{ id: string }, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const agent = await lockAgent(tx, idOrName);
    if (agent === null) return refuse('not-found', 'There is no such agent.');
    const token = await tx.agentToken.findFirst({ where: { id: tokenId, agentId: agent.id } });
    if (token === null) return refuse('not-found', 'The agent has no such token.');
    if (token.revokedAt !== null) return ok({ id: token.id });
    await tx.agentToken.update({ where: { id: token.id }, data: { revokedAt: now } });
    await recordEvent(tx, keys, {
      type: 'agent.token-revoked',
      actor: auditActor(actor),
      agent: agent.name,
      detail: { tokenId: token.id, audience: token.audience },
    });
    await bumpConfig(tx, 'agents', agent.id);
    return ok({ id: token.id });
  });
}
