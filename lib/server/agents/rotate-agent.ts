// Server-only. A new secret in place of the present keys.
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { Agent } from '../generated/prisma/client.ts';
import { addSecret, liveKeys, MOST_LIVE_KEYS } from './agent-keys.ts';
import type { AgentSecret } from './create-agent.ts';
import { lockAgent } from './find-agent.ts';

const MOST_OVERLAP_S = 86_400;

/**
 * Gives an agent a new client secret. Its present keys go on for the overlap, at most a day, so that a running agent can
 * be given the new one; with an overlap of 0 they end at once, with every token there is.
 */
export function rotateAgent(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  options: { readonly overlapS: number },
): Promise<Result<AgentSecret, Refusal>> {
  return writeConfig(deps, actor, async (write) => {
    const { tx, keys } = write;
    const agent = await lockAgent(tx, idOrName);
    if (agent === null) return refuse('not-found', 'There is no such agent.');
    if (agent.status === 'revoked') return refuse('conflict', 'The agent was revoked; create a new one.');
    const ended = await takeOver(write, agent, options.overlapS);
    if (!ended.ok) return ended;
    const { keyId, clientSecret } = await addSecret(tx, agent.id, auditActor(actor).name);
    await recordEvent(tx, keys, {
      type: 'agent.rotated',
      actor: auditActor(actor),
      agent: agent.name,
      detail: { keyId, overlapS: overlapOf(options.overlapS), tokensEnded: ended.value },
    });
    await bumpConfig(tx, 'agents', agent.id);
    return ok({ id: agent.id, clientId: agent.clientId, clientSecret, keyId });
  });
}

/**
 * Lets every present key of an agent end with the overlap; answers how many static tokens ended now. Assumes the agent's
 * row is locked. Never lengthens an overlap that is running. Refuses an agent that already has as many keys as it may.
 */
export async function takeOver(write: ConfigWrite, agent: Agent, overlapS: number): Promise<Result<number, Refusal>> {
  const { tx, now } = write;
  const live = await liveKeys(tx, agent.id, now);
  const seconds = overlapOf(overlapS);
  if (seconds === 0) {
    await tx.agentKey.updateMany({ where: { agentId: agent.id, revokedAt: null }, data: { revokedAt: now } });
    // The epoch ends signed tokens, the revocation ends static ones, in every gateway that reads the new version.
    await tx.agent.update({ where: { id: agent.id }, data: { tokenEpoch: { increment: 1 } } });
    const ended = await tx.agentToken.updateMany({
      where: { agentId: agent.id, revokedAt: null },
      data: { revokedAt: now },
    });
    return ok(ended.count);
  }
  if (live.length >= MOST_LIVE_KEYS)
    return refuse('conflict', `An agent has at most ${MOST_LIVE_KEYS} keys; revoke one.`);
  const end = new Date(now.getTime() + seconds * 1000);
  await tx.agentKey.updateMany({
    where: { id: { in: live.map((key) => key.id) }, OR: [{ notAfter: null }, { notAfter: { gt: end } }] },
    data: { notAfter: end },
  });
  return ok(0);
}

function overlapOf(seconds: number): number {
  return Math.min(Math.max(0, seconds), MOST_OVERLAP_S);
}
