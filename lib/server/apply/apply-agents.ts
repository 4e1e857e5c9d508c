// Server-only.
import type { AgentPatch } from '#lib/contracts/agents.ts';
import { ok } from '#lib/core/result.ts';
import { changeAgentIn } from '../agents/change-agent.ts';
import { createAgentIn } from '../agents/create-agent.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { ConfigFile } from './config-file.ts';

/**
 * Makes agents so: a new one gets a client secret, shown once in the answer; of a known one the named members change.
 * The owner must have signed in already, because votes are counted against people, not against invitations.
 */
export async function applyAgents(run: ApplyRun, agents: NonNullable<ConfigFile['agents']>): Promise<Step> {
  const { tx } = run.write;
  for (const [index, wanted] of agents.entries()) {
    const path = ['agents', index];
    const owner = await tx.person.findUnique({ where: { email: wanted.owner } });
    if (owner === null) {
      const detail = `${wanted.owner} is not a person here yet: an owner must have accepted the invitation.`;
      return at([...path, 'owner'], { code: 'invalid-request', detail });
    }
    const present = await tx.agent.findUnique({ where: { name: wanted.name } });
    if (present === null) {
      const made = await createAgentIn(run.write, {
        name: wanted.name,
        ownerId: owner.id,
        client: wanted.client ?? 'sdk',
        requestTimeoutMs: wanted.requestTimeoutMs ?? null,
        pendingCap: wanted.pendingCap ?? 20,
        servers: wanted.servers ?? [],
        aggregate: wanted.aggregate ?? false,
      });
      if (!made.ok) return at(path, made.error);
      run.agents.push({ name: wanted.name, ...made.value });
      run.changes.push({ kind: 'add', what: 'agent', name: wanted.name, fields: [] });
      continue;
    }
    const { name: _, owner: __, ...members } = wanted;
    const patch: AgentPatch = { ownerId: owner.id, ...members };
    const changed = await changeAgentIn(run.write, present.id, patch);
    if (!changed.ok) return at(path, changed.error);
    if (changed.value.changed) {
      run.changes.push({ kind: 'change', what: 'agent', name: wanted.name, fields: changed.value.fields });
    }
  }
  return ok(null);
}
