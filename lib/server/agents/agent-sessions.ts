// Server-only. The sessions of an agent: what the endpoints gave out, what it declared, what it called without one.
import type { AgentSession } from '#lib/contracts/agents.ts';
import { auditSessionId } from '#lib/core/audit/session-id.ts';
import { sessionlessKey } from '#lib/core/identity/session-quarantine.ts';
import type { Tx } from '../db/tx.ts';

type SessionRow = {
  session: string;
  is_mcp: boolean;
  first_at: Date;
  last_at: Date;
  calls: number;
  pending: number;
  tainted: boolean;
  closed: boolean;
  q_at: Date | null;
  q_by: string | null;
  q_reason: string | null;
};

const MOST_SHOWN = 100;
/** How far back the log is read: an agent that calls all day must not make this page slow. */
const MOST_ENTRIES = 5_000;

/** The sessions of the last 30 days, newest first; those that are quarantined stay listed until they are lifted. */
export async function readSessions(
  tx: Tx,
  agent: { readonly id: string; readonly name: string },
): Promise<readonly AgentSession[]> {
  const { id: agentId, name } = agent;
  // The log calls a session `<agent>/<session>`.
  const from = name.length + 2;
  const rows = await tx.$queryRaw<SessionRow[]>`
    WITH logged AS (
      SELECT substring(session_id FROM ${from}::int) AS session, at, call_id FROM audit_entries
        WHERE agent = ${name} AND session_id LIKE ${`${name}/%`} AND call_id IS NOT NULL
        ORDER BY seq DESC LIMIT ${MOST_ENTRIES}
    ), seen AS (
      SELECT session, min(at) AS at, max(at) AS last_at, count(DISTINCT call_id)::int AS calls FROM logged
        WHERE at > clock_timestamp() - interval '30 days' GROUP BY session
      UNION ALL
      SELECT id, created_at, created_at, 0 FROM mcp_sessions
        WHERE agent_id = ${agentId}::uuid AND created_at > clock_timestamp() - interval '30 days'
      UNION ALL
      SELECT session_key, min(created_at), max(created_at), 0 FROM decision_calls
        WHERE agent_id = ${agentId}::uuid AND created_at > clock_timestamp() - interval '30 days' GROUP BY session_key
      UNION ALL
      SELECT coalesce(session_name, session_key), min(requested_at), max(requested_at), 0 FROM approval_requests
        WHERE agent_id = ${agentId}::uuid AND requested_at > clock_timestamp() - interval '30 days' GROUP BY 1
      UNION ALL
      SELECT session_key, since, last_at, 0 FROM session_taints
        WHERE agent_id = ${agentId}::uuid AND last_at > clock_timestamp() - interval '30 days'
      UNION ALL
      SELECT session, at, at, 0 FROM session_quarantines WHERE agent_id = ${agentId}::uuid AND lifted_at IS NULL
    ), grouped AS (
      SELECT session, min(at) AS first_at, max(last_at) AS last_at, sum(calls)::int AS calls FROM seen GROUP BY session
    )
    SELECT g.session, g.first_at, g.last_at, g.calls, m.id IS NOT NULL AS is_mcp, m.closed_at IS NOT NULL AS closed,
      (SELECT count(*)::int FROM approval_requests r WHERE r.agent_id = ${agentId}::uuid AND coalesce(r.session_name, r.session_key) = g.session
        AND r.status = 'pending') AS pending,
      EXISTS (SELECT FROM session_taints t WHERE t.agent_id = ${agentId}::uuid AND t.session_key = g.session) AS tainted,
      q.at AS q_at, q.by AS q_by, q.reason AS q_reason
    FROM grouped g
    LEFT JOIN mcp_sessions m ON m.id = g.session AND m.agent_id = ${agentId}::uuid
    LEFT JOIN session_quarantines q ON q.agent_id = ${agentId}::uuid AND q.session = g.session AND q.lifted_at IS NULL
    ORDER BY q.at IS NULL, g.last_at DESC LIMIT ${MOST_SHOWN}`;
  return rows.map((row) => ({
    session: row.session,
    kind: row.session === sessionlessKey(agentId) ? 'none' : row.is_mcp ? 'mcp' : 'declared',
    firstAt: row.first_at.toISOString(),
    lastAt: row.last_at.toISOString(),
    // The log knows a session by what the agent declared: what came by a connection stands among the calls without a name.
    calls: row.is_mcp ? null : row.calls,
    pending: row.pending,
    tainted: row.tainted,
    closed: row.closed,
    quarantine:
      row.q_at === null || row.q_by === null || row.q_reason === null
        ? null
        : { at: row.q_at.toISOString(), by: row.q_by, reason: row.q_reason },
  }));
}

const MOST_OTHERS = 200;

/**
 * The sessions that run beside one: those of the last day, closed ones aside. Calls without a session are never among them,
 * for they cannot be told from the one that is put outside.
 */
export async function sessionsBeside(tx: Tx, agentId: string, session: string): Promise<readonly string[]> {
  const rows = await tx.$queryRaw<{ session: string }[]>`
    SELECT DISTINCT s.session FROM (
      SELECT id AS session FROM mcp_sessions WHERE agent_id = ${agentId}::uuid AND closed_at IS NULL
        AND created_at > clock_timestamp() - interval '1 day'
      UNION ALL
      SELECT session_key FROM decision_calls WHERE agent_id = ${agentId}::uuid
        AND created_at > clock_timestamp() - interval '1 day'
      UNION ALL
      SELECT session_key FROM approval_requests WHERE agent_id = ${agentId}::uuid
        AND requested_at > clock_timestamp() - interval '1 day'
    ) s
    WHERE s.session <> ${session} AND s.session <> ${sessionlessKey(agentId)}
      AND NOT EXISTS (SELECT FROM session_quarantines q WHERE q.agent_id = ${agentId}::uuid AND q.session = s.session
        AND q.lifted_at IS NULL)
    ORDER BY s.session LIMIT ${MOST_OTHERS}`;
  return rows.map((row) => row.session);
}

/** Whether a session is this agent's: it was given or declared, or it is the name of its calls without one. */
export async function hasSession(
  tx: Tx,
  agent: { readonly id: string; readonly name: string },
  session: string,
): Promise<boolean> {
  if (session === sessionlessKey(agent.id)) return true;
  const [row] = await tx.$queryRaw<{ known: boolean }[]>`
    SELECT EXISTS (SELECT FROM mcp_sessions WHERE id = ${session} AND agent_id = ${agent.id}::uuid)
      OR EXISTS (SELECT FROM decision_calls WHERE session_key = ${session} AND agent_id = ${agent.id}::uuid)
      OR EXISTS (SELECT FROM approval_requests WHERE session_key = ${session} AND agent_id = ${agent.id}::uuid)
      OR EXISTS (SELECT FROM session_taints WHERE session_key = ${session} AND agent_id = ${agent.id}::uuid)
      OR EXISTS (SELECT FROM audit_entries WHERE session_id = ${auditSessionId(agent.name, session)}) AS known`;
  return row?.known === true;
}
