// Server-only. An agent as the console and the command line see it.
import { z } from 'zod';
import type { AgentSummary } from '#lib/contracts/agent-rows.ts';
import type { AgentDetail, AgentKeyView } from '#lib/contracts/agents.ts';
import type { HoldProfile as WireProfile } from '#lib/contracts/shared-shapes.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import type { AgentKey } from '../generated/prisma/client.ts';
import type { HoldProfile as StoredProfile } from '../generated/prisma/enums.ts';
import { liveKeys } from './agent-keys.ts';

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
  const agingOf = await readAging(
    tx,
    rows.map((row) => row.id),
  );
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
    ...(agingOf.get(row.id) ?? NOTHING_AGES),
  }));
}

/** One agent with its keys and static tokens (never the secrets), or null. What was revoked or has ended is left out. */
export async function readAgentDetail(tx: Tx, id: string, gatewayUrl: string): Promise<AgentDetail | null> {
  const [summary] = await readAgentSummaries(tx, { id, limit: 1 });
  if (summary === undefined) return null;
  const now = await databaseNow(tx);
  const tokens = await tx.agentToken.findMany({
    where: { agentId: id, revokedAt: null, expiresAt: { gt: now } },
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
    keys: (await liveKeys(tx, id, now)).map(keyView),
    tokens: tokens.map((token) => ({
      id: token.id,
      audience: token.audience,
      prefix: token.prefix,
      auto: token.keyId !== null,
      createdAt: token.createdAt.toISOString(),
      expiresAt: token.expiresAt.toISOString(),
      revokedAt: token.revokedAt?.toISOString() ?? null,
    })),
  };
}

type Aging = Pick<AgentSummary, 'aging' | 'quarantined'>;
type AgingRow = {
  agent_id: string;
  tokens: number;
  next_token_end: Date | null;
  next_key_end: Date | null;
  quarantined: number;
};

const NOTHING_AGES: Aging = { aging: { tokens: 0, nextTokenEnd: null, nextKeyEnd: null }, quarantined: 0 };

/** What is about to stop working, and what is kept outside, by agent. */
async function readAging(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Aging>> {
  const rows = await tx.$queryRaw<AgingRow[]>`
    SELECT a.id::text AS agent_id,
      (SELECT count(*)::int FROM agent_tokens t WHERE t.agent_id = a.id AND t.revoked_at IS NULL
        AND t.expires_at > clock_timestamp()) AS tokens,
      (SELECT min(t.expires_at) FROM agent_tokens t WHERE t.agent_id = a.id AND t.revoked_at IS NULL
        AND t.expires_at > clock_timestamp()) AS next_token_end,
      (SELECT min(k.not_after) FROM agent_keys k WHERE k.agent_id = a.id AND k.revoked_at IS NULL
        AND k.not_after > clock_timestamp()) AS next_key_end,
      (SELECT count(*)::int FROM session_quarantines q WHERE q.agent_id = a.id AND q.lifted_at IS NULL) AS quarantined
    FROM agents a WHERE a.id = ANY(${[...ids]}::uuid[])`;
  return new Map(
    rows.map((row) => [
      row.agent_id,
      {
        aging: {
          tokens: row.tokens,
          nextTokenEnd: row.next_token_end?.toISOString() ?? null,
          nextKeyEnd: row.next_key_end?.toISOString() ?? null,
        },
        quarantined: row.quarantined,
      },
    ]),
  );
}

const storedAlg = z.object({ alg: z.string() });

function keyView(key: AgentKey): AgentKeyView {
  const alg = storedAlg.safeParse(key.jwk);
  return {
    id: key.id,
    kind: key.kind === 'jwk' ? 'jwk' : 'secret',
    prefix: key.prefix,
    alg: alg.success ? alg.data.alg : null,
    thumbprint: key.thumbprint,
    createdAt: key.createdAt.toISOString(),
    createdBy: key.createdBy,
    notAfter: key.notAfter?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}
