// Server-only. Agents for the console and the command line.
import type { AgentSummary } from '#lib/contracts/agent-rows.ts';
import type { AgentDetail } from '#lib/contracts/agents.ts';
import type { ListQuery } from '#lib/contracts/shared-shapes.ts';
import type { Tx } from '../db/tx.ts';
import { readAgentDetail, readAgentSummaries } from './agent-view.ts';
import { findAgent } from './find-agent.ts';

/** One page of agents by name; the cursor is the last name shown. */
export async function listAgents(
  tx: Tx,
  query: ListQuery,
): Promise<{ items: AgentSummary[]; nextCursor: string | null }> {
  const { cursor, limit } = query;
  const rows = await readAgentSummaries(tx, { limit: limit + 1, ...(cursor === undefined ? {} : { after: cursor }) });
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.name ?? null) : null };
}

/** One agent by id or name, or null. */
export async function readAgent(tx: Tx, idOrName: string, gatewayUrl: string): Promise<AgentDetail | null> {
  const agent = await findAgent(tx, idOrName);
  return agent === null ? null : readAgentDetail(tx, agent.id, gatewayUrl);
}
