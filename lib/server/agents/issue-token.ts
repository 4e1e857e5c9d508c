// Server-only. Static tokens that an admin issues.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { tokenCreateSchema, tokenSecretSchema } from '#lib/contracts/agents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { lockAgent } from './find-agent.ts';
import { mayUseAudience } from './may-use-audience.ts';
import { hashSecret, newStaticToken } from './secrets.ts';

export type TokenRequest = z.infer<typeof tokenCreateSchema>;
export type TokenSecret = z.infer<typeof tokenSecretSchema>;

const MAX_TTL_S = 86_400;

/**
 * Issues a static token for one agent and one audience, for clients that cannot do OAuth; it lives at most 24 hours.
 * Refuses an audience that the agent may not use: a token must not promise what a later change would silently grant.
 */
export function issueToken(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  request: TokenRequest,
): Promise<Result<TokenSecret, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys, now }) => {
    const agent = await lockAgent(tx, idOrName);
    if (agent === null) return refuse('not-found', 'There is no such agent.');
    if (agent.status === 'revoked') return refuse('conflict', 'The agent was revoked.');
    const may = await mayUseAudience(tx, agent, request.audience);
    if (!may) return refuse('invalid-request', `The agent may not use ${request.audience}.`);
    const id = randomUUIDv7();
    const { token, prefix } = newStaticToken();
    const expiresAt = new Date(now.getTime() + Math.min(request.ttlS, MAX_TTL_S) * 1000);
    await tx.agentToken.create({
      data: { id, agentId: agent.id, audience: request.audience, tokenHash: hashSecret(token), prefix, expiresAt },
    });
    await recordEvent(tx, keys, {
      type: 'agent.token-issued',
      actor: auditActor(actor),
      agent: agent.name,
      detail: { tokenId: id, audience: request.audience, expiresAt: expiresAt.toISOString() },
    });
    await bumpConfig(tx, 'agents', agent.id);
    return ok({ id, token, audience: request.audience, expiresAt: expiresAt.toISOString() });
  });
}
