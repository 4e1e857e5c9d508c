import type { AgentDetail, AgentSummary } from '#lib/contracts/agents.ts';
import type { HoldProfile as WireProfile } from '#lib/contracts/shared-shapes.ts';
import type { Tx } from '../db/tx.ts';
import type { HoldProfile as StoredProfile } from '../generated/prisma/enums.ts';

/** Prisma names enum members as identifiers; the wire and the database say `claude-code`. */
export function wireProfile(stored: StoredProfile): WireProfile {
  return stored === 'claude_code' ? 'claude-code' : stored;
}

/** The stored name of a hold profile. */
export function storedProfile(wire: WireProfile): StoredProfile {
  return wire === 'claude-code' ? 'claude_code' : wire;
}

/** Reads agents as the console shows them, by name; `where` narrows to one. */
export async function readAgentSummaries(
  tx: Tx,
  page: { readonly after?: string; readonly limit: number; readonly id?: string },
): Promise<readonly AgentSummary[]> {
  const rows = await tx.agent.findMany({
    where: {
      ...(page.after === undefined ? {} : { name: { gt: page.after } }),
      ...(page.id === undefined ? {} : { id: page.id }),
    },
    include: { owner: true, servers: { include: { server: true } } },
    orderBy: { name: 'asc' },
    take: page.limit,
  });
  const pending = await tx.approvalRequest.groupBy({
    by: ['agentId'],
    where: { status: 'pending', agentId: { in: rows.map((row) => row.id) } },
    _count: true,
  });
  const pendingOf = new Map(pending.map((one) => [one.agentId, one._count]));
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    owner: { id: row.owner.id, name: row.owner.name },
    client: wireProfile(row.client),
    requestTimeoutMs: row.requestTimeoutMs,
    pendingCap: row.pendingCap,
    aggregate: row.aggregate,
    status: row.status,
    servers: row.servers.map((one) => one.server.name).sort(),
    clientId: row.clientId,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt?.toISOString() ?? null,
    pending: pendingOf.get(row.id) ?? 0,
  }));
}

/** One agent with its static tokens (never the secrets), or null. Revoked and long expired tokens are left out. */
export async function readAgentDetail(tx: Tx, id: string, gatewayUrl: string): Promise<AgentDetail | null> {
  const [summary] = await readAgentSummaries(tx, { id, limit: 1 });
  if (summary === undefined) return null;
  const tokens = await tx.agentToken.findMany({
    where: { agentId: id, revokedAt: null },
    orderBy: { createdAt: 'desc' },
    take: 50,
  });
  const reachable = await tx.server.findMany({
    where: { name: { in: summary.servers }, transport: { not: 'external' } },
    select: { name: true },
    orderBy: { name: 'asc' },
  });
  return {
    ...summary,
    gatewayUrl,
    mcpServers: reachable.map((one) => one.name),
    tokens: tokens.map((token) => ({
      id: token.id,
      audience: token.audience,
      prefix: token.prefix,
      createdAt: token.createdAt.toISOString(),
      expiresAt: token.expiresAt.toISOString(),
      revokedAt: token.revokedAt?.toISOString() ?? null,
    })),
  };
}
