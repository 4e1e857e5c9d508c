// Server-only.
import type { AgentPatch } from '#lib/contracts/agents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { readAgentJwk } from '#lib/core/identity/public-jwk.ts';
import type { JsonObject } from '#lib/core/json/value.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { liveKeys } from '../agents/agent-keys.ts';
import { changeAgentIn } from '../agents/change-agent.ts';
import { createAgentIn } from '../agents/create-agent.ts';
import { lockAgent } from '../agents/find-agent.ts';
import { addPublicKeyIn } from '../agents/public-keys.ts';
import { refuse } from '../db/config-write.ts';
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
      const keyed = await addKeys(run, made.value.id, wanted.keys ?? []);
      if (!keyed.ok) return at([...path, 'keys'], keyed.error);
      continue;
    }
    const { name: _, owner: __, keys: wantedKeys = [], ...members } = wanted;
    const patch: AgentPatch = { ownerId: owner.id, ...members };
    const changed = await changeAgentIn(run.write, present.id, patch);
    if (!changed.ok) return at(path, changed.error);
    const keyed = await addKeys(run, present.id, wantedKeys);
    if (!keyed.ok) return at([...path, 'keys'], keyed.error);
    const fields = [...changed.value.fields, ...(keyed.value > 0 ? ['keys'] : [])];
    if (fields.length > 0) run.changes.push({ kind: 'change', what: 'agent', name: wanted.name, fields });
  }
  return ok(null);
}

/** Registers the public keys that the agent has not yet; answers how many. A key takes over from none: that is a rotation. */
async function addKeys(
  run: ApplyRun,
  agentId: string,
  wanted: readonly JsonObject[],
): Promise<Result<number, Refusal>> {
  if (wanted.length === 0) return ok(0);
  const { tx, now } = run.write;
  const agent = await lockAgent(tx, agentId);
  if (agent === null) return refuse('not-found', 'There is no such agent.');
  const live = new Set((await liveKeys(tx, agentId, now)).map((key) => key.thumbprint));
  let added = 0;
  for (const jwk of wanted) {
    const read = readAgentJwk(jwk);
    if (!read.ok) return refuse('invalid-request', read.error.detail);
    if (live.has(read.value.thumbprint)) continue;
    const made = await addPublicKeyIn(run.write, agent, { jwk, overlapS: null });
    if (!made.ok) return made;
    live.add(made.value.thumbprint);
    added++;
  }
  return ok(added);
}
