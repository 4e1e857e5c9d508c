// Server-only. The end of an agent.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { lockAgent } from './find-agent.ts';
import { mayEndAccess } from './may-end-access.ts';

/**
 * Ends an agent for good: no token of it is accepted again, and what it was waiting for is withdrawn or revoked.
 * An admin or somebody of security may; revoking twice is the same as once.
 */
export function revokeAgent(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  reason: string,
): Promise<Result<{ id: string }, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      const agent = await lockAgent(tx, idOrName);
      if (agent === null) return refuse('not-found', 'There is no such agent.');
      if (agent.status === 'revoked') return ok({ id: agent.id });
      await tx.agent.update({ where: { id: agent.id }, data: { status: 'revoked', tokenEpoch: { increment: 1 } } });
      await tx.agentToken.updateMany({ where: { agentId: agent.id, revokedAt: null }, data: { revokedAt: now } });
      await endOpenRequests(tx, keys, actor, { kind: 'agent-revoked', agentId: agent.id });
      await recordEvent(tx, keys, {
        type: 'agent.revoked',
        actor: auditActor(actor),
        agent: agent.name,
        detail: { reason },
      });
      await bumpConfig(tx, 'agents', agent.id);
      return ok({ id: agent.id });
    },
    mayEndAccess,
  );
}
