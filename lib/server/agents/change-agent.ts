// Server-only. Changes to an agent that keep its identity.
import type { AgentPatch } from '#lib/contracts/agents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { storedProfile, wireProfile } from './agent-view.ts';
import { allowServers } from './allow-servers.ts';
import { lockAgent } from './find-agent.ts';

/** What became of a change: the members that differ now. */
export type AgentChange = { readonly id: string; readonly changed: boolean; readonly fields: readonly string[] };

/** Changes an agent's owner, hold profile, limits or servers; what is absent stays. */
export function changeAgent(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  patch: AgentPatch,
): Promise<Result<AgentChange, Refusal>> {
  return writeConfig(deps, actor, (write) => changeAgentIn(write, idOrName, patch));
}

/** The same inside a larger transaction. A patch that changes nothing writes nothing. Refuses a revoked agent. */
export async function changeAgentIn(
  write: ConfigWrite,
  idOrName: string,
  patch: AgentPatch,
): Promise<Result<AgentChange, Refusal>> {
  const { tx, keys, actor } = write;
  const agent = await lockAgent(tx, idOrName);
  if (agent === null) return refuse('not-found', 'There is no such agent.');
  if (agent.status === 'revoked') return refuse('conflict', 'The agent was revoked; create a new one.');
  const detail: Record<string, string | number | boolean | null> = {};
  if (patch.ownerId !== undefined && patch.ownerId !== agent.ownerId) {
    const owner = await tx.person.findUnique({ where: { id: patch.ownerId } });
    if (owner === null || owner.status !== 'active') {
      return refuse('invalid-request', 'The owner is not an active person.');
    }
    detail.owner = owner.email;
  }
  if (patch.client !== undefined && patch.client !== wireProfile(agent.client)) detail.client = patch.client;
  if (patch.requestTimeoutMs !== undefined && patch.requestTimeoutMs !== agent.requestTimeoutMs) {
    detail.requestTimeoutMs = patch.requestTimeoutMs;
  }
  if (patch.pendingCap !== undefined && patch.pendingCap !== agent.pendingCap) detail.pendingCap = patch.pendingCap;
  if (patch.aggregate !== undefined && patch.aggregate !== agent.aggregate) detail.aggregate = patch.aggregate;
  if (patch.servers !== undefined) {
    const allowed = await allowServers(tx, agent.id, patch.servers);
    if (!allowed.ok) return allowed;
    if (allowed.value === 'changed') detail.servers = patch.servers.join(' ');
  }
  if (Object.keys(detail).length === 0) return ok({ id: agent.id, changed: false, fields: [] });
  await tx.agent.update({
    where: { id: agent.id },
    data: {
      ownerId: patch.ownerId ?? agent.ownerId,
      client: patch.client === undefined ? agent.client : storedProfile(patch.client),
      requestTimeoutMs: patch.requestTimeoutMs === undefined ? agent.requestTimeoutMs : patch.requestTimeoutMs,
      pendingCap: patch.pendingCap ?? agent.pendingCap,
      aggregate: patch.aggregate ?? agent.aggregate,
    },
  });
  await recordEvent(tx, keys, { type: 'agent.changed', actor: auditActor(actor), agent: agent.name, detail });
  await bumpConfig(tx, 'agents', agent.id);
  return ok({ id: agent.id, changed: true, fields: Object.keys(detail) });
}
