// Server-only. A new agent with its first secret.
import { randomUUIDv7 } from 'node:crypto';
import type { z } from 'zod';
import type { AgentCreate, agentSecretSchema } from '#lib/contracts/agents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { addSecret } from './agent-keys.ts';
import { storedProfile } from './agent-view.ts';
import { allowServers } from './allow-servers.ts';
import { newClientId } from './secrets.ts';

/** The credential of a new or rotated agent; the secret exists in this value and nowhere else. */
export type AgentSecret = z.infer<typeof agentSecretSchema>;

/** Creates an agent and answers its client secret once; only the secret's hash is stored. */
export function createAgent(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: AgentCreate,
): Promise<Result<AgentSecret, Refusal>> {
  return writeConfig(deps, actor, (write) => createAgentIn(write, input));
}

/**
 * The same inside a larger transaction. The owner is the acting person unless named; an agent without a human owner is
 * refused, because separation of duties needs to know whom to exclude from voting.
 */
export async function createAgentIn(write: ConfigWrite, input: AgentCreate): Promise<Result<AgentSecret, Refusal>> {
  const { tx, keys, actor } = write;
  const ownerId = input.ownerId ?? (actor.kind === 'human' ? actor.id : null);
  if (ownerId === null) return refuse('invalid-request', 'An agent needs an owner: name a person.');
  const owner = await tx.person.findUnique({ where: { id: ownerId } });
  if (owner === null || owner.status !== 'active')
    return refuse('invalid-request', 'The owner is not an active person.');
  const taken = await tx.agent.findUnique({ where: { name: input.name } });
  if (taken !== null) return refuse('name-taken', `There is already an agent named ${input.name}.`);

  const id = randomUUIDv7();
  const clientId = newClientId();
  await tx.agent.create({
    data: {
      id,
      name: input.name,
      ownerId,
      client: storedProfile(input.client),
      requestTimeoutMs: input.requestTimeoutMs,
      pendingCap: input.pendingCap,
      aggregate: input.aggregate,
      clientId,
    },
  });
  const { keyId, clientSecret } = await addSecret(tx, id, auditActor(actor).name);
  const allowed = await allowServers(tx, id, input.servers);
  if (!allowed.ok) return allowed;
  await recordEvent(tx, keys, {
    type: 'agent.created',
    actor: auditActor(actor),
    agent: input.name,
    detail: { owner: owner.email, client: input.client, servers: input.servers.join(' '), aggregate: input.aggregate },
  });
  await bumpConfig(tx, 'agents', id);
  return ok({ id, clientId, clientSecret, keyId });
}
