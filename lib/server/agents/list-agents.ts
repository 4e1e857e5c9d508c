import type { AgentDetail, AgentSummary } from '#lib/contracts/agents.ts';
import type { Tx } from '../db/tx.ts';
import { readAgentDetail, readAgentSummaries } from './agent-view.ts';
import { findAgent } from './find-agent.ts';

const PAGE = 100;

/** One page of agents by name; the cursor is the last name shown. */
export async function listAgents(
  tx: Tx,
  cursor?: string,
): Promise<{ items: AgentSummary[]; nextCursor: string | null }> {
  const rows = await readAgentSummaries(tx, { limit: PAGE + 1, ...(cursor === undefined ? {} : { after: cursor }) });
  const items = rows.slice(0, PAGE);
  return { items, nextCursor: rows.length > PAGE ? (items.at(-1)?.name ?? null) : null };
}

/** One agent by id or name, or null. */
export async function readAgent(tx: Tx, idOrName: string, gatewayUrl: string): Promise<AgentDetail | null> {
  const agent = await findAgent(tx, idOrName);
  return agent === null ? null : readAgentDetail(tx, agent.id, gatewayUrl);
}
