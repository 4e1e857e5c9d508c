// Server-only. A session is put outside, and let in again.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { endOpenRequests } from '../approvals/end-open-requests.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, refuse, writeConfig } from '../db/config-write.ts';
import { hasSession, sessionsBeside } from './agent-sessions.ts';
import { lockAgent } from './find-agent.ts';
import { mayEndAccess } from './may-end-access.ts';

export type QuarantineAnswer = { readonly session: string; readonly ended: number };

/**
 * Puts a session of an agent outside: from now on nothing of it runs, and what it waits for ends. An admin or somebody of
 * security may; doing it twice is the same as once.
 *
 * A client can drop its session and open another one, so until this is lifted only the sessions that are there now beside
 * it may call. Refuses a session that this agent never had: another agent's would be found by guessing.
 */
export function quarantineSession(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  input: { readonly session: string; readonly reason: string },
): Promise<Result<QuarantineAnswer, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys }) => {
      const { session, reason } = input;
      const agent = await lockAgent(tx, idOrName);
      if (agent === null) return refuse('not-found', 'There is no such agent.');
      if (!(await hasSession(tx, agent, session))) return refuse('not-found', 'The agent has no such session.');
      const standing = await tx.sessionQuarantine.findFirst({ where: { agentId: agent.id, session, liftedAt: null } });
      if (standing !== null) return ok({ session, ended: 0 });
      const others = [...(await sessionsBeside(tx, agent.id, session))];
      const by = auditActor(actor).name;
      await tx.sessionQuarantine.create({
        data: { id: randomUUIDv7(), agentId: agent.id, session, others, by, reason },
      });
      const ended = await endOpenRequests(tx, keys, actor, { kind: 'session-quarantined', agentId: agent.id, others });
      await recordEvent(tx, keys, {
        type: 'session.quarantined',
        actor: auditActor(actor),
        agent: agent.name,
        session,
        detail: { reason, others: others.length, ended },
      });
      await bumpConfig(tx, 'agents', agent.id);
      return ok({ session, ended });
    },
    mayEndAccess,
  );
}

/** Lets a quarantined session in again, and with it the sessions that began since. Refuses where none is outside. */
export function liftQuarantine(
  deps: ConfigDeps,
  actor: ConfigActor,
  idOrName: string,
  input: { readonly session: string; readonly reason: string },
): Promise<Result<{ session: string }, Refusal>> {
  return writeConfig(
    deps,
    actor,
    async ({ tx, keys, now }) => {
      const { session, reason } = input;
      const agent = await lockAgent(tx, idOrName);
      if (agent === null) return refuse('not-found', 'There is no such agent.');
      const by = auditActor(actor).name;
      const lifted = await tx.sessionQuarantine.updateMany({
        where: { agentId: agent.id, session, liftedAt: null },
        data: { liftedAt: now, liftedBy: by, liftReason: reason },
      });
      if (lifted.count === 0) return refuse('not-found', 'The agent has no such quarantined session.');
      await recordEvent(tx, keys, {
        type: 'session.lifted',
        actor: auditActor(actor),
        agent: agent.name,
        session,
        detail: { reason },
      });
      await bumpConfig(tx, 'agents', agent.id);
      return ok({ session });
    },
    mayEndAccess,
  );
}
