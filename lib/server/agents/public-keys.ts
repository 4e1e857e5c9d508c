// Server-only. Public keys that an admin registers for an agent, and the end of any key.
import type { z } from 'zod';
import type { jwkAddedSchema } from '#lib/contracts/agents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { readAgentJwk } from '#lib/core/identity/public-jwk.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import type { Agent } from '../generated/prisma/client.ts';
import { addJwk, liveKeys, MOST_LIVE_KEYS } from './agent-keys.ts';
import { lockAgent } from './find-agent.ts';
import { mayEndAccess } from './may-end-access.ts';
import { takeOver } from './rotate-agent.ts';

export type JwkAdded = z.infer<typeof jwkAddedSchema>;

/**
 * Registers a public key of an agent for private_key_jwt. With an overlap it takes over: the other keys end with it, and
 * with 0 at once. Refuses what `readAgentJwk` refuses, a private half first of all, a key the agent has already, and one that was
 * revoked: whoever stole it would be let in again, by a routine `apply` even.
 */
export function addPublicKey(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  input: { readonly jwk: JsonObject; readonly overlapS: number | null },
): Promise<Result<JwkAdded, Refusal>> {
  return writeConfig(deps, actor, async (write) => {
    const agent = await lockAgent(write.tx, idOrName);
    if (agent === null) return refuse('not-found', 'There is no such agent.');
    return addPublicKeyIn(write, agent, input);
  });
}

/** The same inside a larger transaction. Assumes the agent's row is locked. */
export async function addPublicKeyIn(
  write: ConfigWrite,
  agent: Agent,
  input: { readonly jwk: JsonObject; readonly overlapS: number | null },
): Promise<Result<JwkAdded, Refusal>> {
  const { tx, keys, actor, now } = write;
  if (agent.status === 'revoked') return refuse('conflict', 'The agent was revoked; create a new one.');
  const read = readAgentJwk(input.jwk);
  if (!read.ok) return refuse('invalid-request', read.error.detail);
  const { thumbprint, alg } = read.value;
  const live = await liveKeys(tx, agent.id, now);
  if (live.some((key) => key.thumbprint === thumbprint)) return refuse('conflict', 'The agent has this key already.');
  if (live.length >= MOST_LIVE_KEYS && input.overlapS !== 0) {
    return refuse('conflict', `An agent has at most ${MOST_LIVE_KEYS} keys; revoke one.`);
  }
  if ((await tx.agentKey.count({ where: { agentId: agent.id, thumbprint, revokedAt: { not: null } } })) > 0) {
    return refuse('conflict', 'This key of the agent was revoked and stays so: make a new one.');
  }
  // The same key whose overlap is over: its row makes room, for one public key has one clock. Its thumbprint is
  // marked, so that it is not taken for a key that somebody has revoked.
  await tx.agentKey.updateMany({
    where: { agentId: agent.id, thumbprint, revokedAt: null },
    data: { revokedAt: now, thumbprint: `replaced:${thumbprint}` },
  });
  if (input.overlapS !== null) {
    const ended = await takeOver(write, agent, input.overlapS);
    if (!ended.ok) return ended;
  }
  const keyId = await addJwk(tx, agent.id, read.value, auditActor(actor).name);
  await recordEvent(tx, keys, {
    type: 'agent.key-added',
    actor: auditActor(actor),
    agent: agent.name,
    detail: { keyId, alg, thumbprint, overlapS: input.overlapS },
  });
  await bumpConfig(tx, 'agents', agent.id);
  return ok({ id: agent.id, keyId, alg, thumbprint });
}

/**
 * Ends one key of an agent at once, with every token that was fetched with it; an admin or somebody of security may.
 * Ending it twice is the same as once.
 */
export function revokeKey(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  keyId: string,
): Promise<Result<{ id: string }, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      const agent = await lockAgent(tx, idOrName);
      if (agent === null) return refuse('not-found', 'There is no such agent.');
      const key = await tx.agentKey.findFirst({ where: { id: keyId, agentId: agent.id } });
      if (key === null) return refuse('not-found', 'The agent has no such key.');
      if (key.revokedAt !== null) return ok({ id: key.id });
      await tx.agentKey.update({ where: { id: key.id }, data: { revokedAt: now } });
      const ended = await tx.agentToken.updateMany({
        where: { agentId: agent.id, keyId: key.id, revokedAt: null },
        data: { revokedAt: now },
      });
      await recordEvent(tx, keys, {
        type: 'agent.key-revoked',
        actor: auditActor(actor),
        agent: agent.name,
        detail: { keyId: key.id, kind: key.kind, tokensEnded: ended.count },
      });
      await bumpConfig(tx, 'agents', agent.id);
      return ok({ id: key.id });
    },
    mayEndAccess,
  );
}
