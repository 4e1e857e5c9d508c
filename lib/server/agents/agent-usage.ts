// Server-only. What an agent did lately, from the log.
import type { AgentUsage } from '#lib/contracts/agents.ts';
import type { Tx } from '../db/tx.ts';

type ToolRow = { server: string; tool: string; calls: number; refused: number; asked: number; last_at: Date };
type ApprovalRow = { asked: number; approved: number; denied: number; expired: number; since: Date };

const MOST_TOOLS = 100;
/** How far back the log is read: an agent that calls all day must not make this page slow. */
const MOST_ENTRIES = 50_000;

/** The tools an agent used and the approvals it asked for in the last 30 days, by the database's clock. */
export async function readUsage(tx: Tx, agent: { readonly id: string; readonly name: string }): Promise<AgentUsage> {
  const tools = await tx.$queryRaw<ToolRow[]>`
    WITH recent AS (
      SELECT server, tool, type, at FROM audit_entries
        WHERE agent = ${agent.name} AND server IS NOT NULL AND tool IS NOT NULL
          AND (call_id IS NULL OR call_id NOT IN (SELECT c.call_id FROM calibration_plants c WHERE c.judged_at IS NOT NULL))
        ORDER BY seq DESC LIMIT ${MOST_ENTRIES}
    )
    SELECT server, tool,
      count(*) FILTER (WHERE type IN ('call.intent', 'request.consumed'))::int AS calls,
      count(*) FILTER (WHERE type = 'call.refused')::int AS refused,
      count(*) FILTER (WHERE type = 'request.opened')::int AS asked,
      max(at) AS last_at
    FROM recent WHERE at > clock_timestamp() - interval '30 days'
    GROUP BY server, tool ORDER BY last_at DESC LIMIT ${MOST_TOOLS}`;
  const [approvals] = await tx.$queryRaw<ApprovalRow[]>`
    SELECT count(*)::int AS asked,
      count(*) FILTER (WHERE decided_at IS NOT NULL AND status NOT IN ('denied', 'revoked'))::int AS approved,
      count(*) FILTER (WHERE status = 'denied')::int AS denied,
      count(*) FILTER (WHERE status = 'expired')::int AS expired,
      clock_timestamp() - interval '30 days' AS since
    FROM approval_requests
    WHERE agent_id = ${agent.id}::uuid AND requested_at > clock_timestamp() - interval '30 days'
      AND call_id NOT IN (SELECT c.call_id FROM calibration_plants c WHERE c.judged_at IS NOT NULL)`;
  if (approvals === undefined) throw new Error('An aggregate answered no row.');
  const { since, ...counts } = approvals;
  return {
    since: since.toISOString(),
    tools: tools.map(({ last_at, ...row }) => ({ ...row, lastAt: last_at.toISOString() })),
    approvals: counts,
  };
}
