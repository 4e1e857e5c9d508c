import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { endGrantsOf } from '../grants/end-grants.ts';
import type { Keys } from '../keys/load-keys.ts';

/** What changed under the requests: the server's identity or state, one tool's definition, or the agent itself. */
export type EndCause =
  | { readonly kind: 'server-changed'; readonly serverId: string }
  | { readonly kind: 'tool-changed'; readonly serverId: string; readonly toolName: string }
  | { readonly kind: 'agent-revoked'; readonly agentId: string }
  /** People are not asked for this agent's calls of one tool any more. */
  | {
      readonly kind: 'asked-no-more';
      readonly agentId: string;
      readonly serverId: string;
      readonly toolName: string;
    }
  /** The session was put outside; what the agent's other sessions wait for goes on. `others` are those sessions. */
  | { readonly kind: 'session-quarantined'; readonly agentId: string; readonly others: readonly string[] };

/** Who ended them: a person, the operator, or the system itself (a rescan that found a drift). */
export type EndedBy = ConfigActor | 'system';

type Ended = {
  readonly id: string;
  readonly version: number;
  readonly status: 'superseded' | 'withdrawn' | 'revoked';
  readonly call_id: string;
  readonly agent_name: string;
  readonly server_name: string;
  readonly tool_name: string;
  readonly session_key: string;
  readonly digest: string;
};

/**
 * Ends every request that waits for a human or for its agent because what it was about is no more.
 *
 * Waiting ones become superseded (withdrawn when the agent is gone), approved ones revoked: an approval was given to a
 * definition and an address, not to a name. One audit row each. Consumed requests are left alone: they have run. Grants
 * for the same calls end with them.
 */
export async function endOpenRequests(tx: Tx, keys: Keys, by: EndedBy, cause: EndCause): Promise<number> {
  const ended = await transition(tx, cause);
  const actor = auditActor(by);
  for (const request of ended) {
    await recordEvent(tx, keys, {
      type: `request.${request.status}`,
      actor,
      agent: request.agent_name,
      server: request.server_name,
      tool: request.tool_name,
      session: request.session_key,
      callId: request.call_id,
      requestId: request.id,
      digest: request.digest,
      decision: 'deny',
      detail: { cause: cause.kind },
    });
    const { id, version, status } = request;
    await notify(tx, 'cs_approval', { id, version, status });
  }
  // A grant is the agent's, not a session's: it goes on for the sessions that do.
  if (cause.kind !== 'session-quarantined') await endGrantsOf(tx, keys, by, cause);
  return ended.length;
}

function transition(tx: Tx, cause: EndCause): Promise<Ended[]> {
  const waiting = 'serverId' in cause ? 'superseded' : 'withdrawn';
  const agentId = 'agentId' in cause ? cause.agentId : null;
  const serverId = 'serverId' in cause ? cause.serverId : null;
  const others = cause.kind === 'session-quarantined' ? [...cause.others] : null;
  const toolName = 'toolName' in cause ? cause.toolName : null;
  return tx.$queryRaw<Ended[]>`
    UPDATE approval_requests SET
      status = CASE WHEN status = 'pending' THEN ${waiting}::approval_status ELSE 'revoked'::approval_status END,
      version = version + 1,
      finished_at = clock_timestamp()
    WHERE status IN ('pending', 'approved')
      AND (${agentId}::uuid IS NULL OR agent_id = ${agentId}::uuid)
      AND (${others}::text[] IS NULL OR coalesce(session_name, session_key) <> ALL(${others}::text[]))
      AND (${serverId}::uuid IS NULL OR server_id = ${serverId}::uuid)
      AND (${toolName}::text IS NULL OR tool_name = ${toolName}::text)
    RETURNING id, version, status::text AS status, call_id, agent_name, server_name, tool_name, session_key, digest`;
}
