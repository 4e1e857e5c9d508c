// Server-only. Grants that end because the world under them changed.
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { killCovers } from '../approvals/kill-covers.ts';
import type { EventKeys } from '../audit/record-event.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { grantFacts } from './grant-event.ts';
import { GRANT_COLUMNS, type GrantRow, toGrantRow } from './grant-row.ts';
import { announceGrant } from './lock-grant.ts';

/** How a grant ends without having been used up or denied. */
export type GrantEnd = 'expired' | 'revoked' | 'killed' | 'void';
/** What changed under them: the server's identity or state, one tool's definition, or the agent itself. */
export type GrantCause =
  | { readonly kind: 'server-changed'; readonly serverId: string }
  | { readonly kind: 'tool-changed'; readonly serverId: string; readonly toolName: string }
  | { readonly kind: 'agent-revoked'; readonly agentId: string }
  | {
      readonly kind: 'asked-no-more';
      readonly agentId: string;
      readonly serverId: string;
      readonly toolName: string;
    };

/**
 * Ends every grant, also a proposed one, whose server, tool or agent is no longer what people approved (T11).
 * A grant for a class ends with any tool of the class: which of them the approvers had in mind is not known.
 */
export function endGrantsOf(tx: Tx, keys: EventKeys, by: ConfigActor | 'system', cause: GrantCause): Promise<number> {
  const where = () => {
    switch (cause.kind) {
      case 'agent-revoked':
        return Prisma.sql`g.agent_id = ${cause.agentId}::uuid`;
      case 'asked-no-more':
        return Prisma.sql`g.agent_id = ${cause.agentId}::uuid AND g.server_id = ${cause.serverId}::uuid
          AND g.tool_name = ${cause.toolName}`;
      case 'server-changed':
        return Prisma.sql`g.server_id = ${cause.serverId}::uuid`;
      case 'tool-changed':
        return Prisma.sql`g.server_id = ${cause.serverId}::uuid AND (g.tool_name = ${cause.toolName}
          OR g.action_class = (SELECT t.action_class FROM tools t
            WHERE t.server_id = g.server_id AND t.name = ${cause.toolName}))`;
    }
  };
  const status = cause.kind === 'agent-revoked' ? 'revoked' : 'void';
  return endGrants(tx, keys, { by, status, cause: cause.kind, where: where() });
}

/**
 * Ends every grant that a scope covers, for good: after re-enabling it stays dead (T22). Assumes that the caller holds
 * `kill_head`. A grant for a class outlives the kill of one tool, which its epoch then keeps out of every use.
 */
export function killGrants(
  tx: Tx,
  keys: EventKeys,
  by: ConfigActor,
  kill: { readonly scope: string },
): Promise<number> {
  const current = (column: string) =>
    `(SELECT t.${column} FROM tools t WHERE t.server_id = g.server_id AND t.name = g.tool_name)`;
  const covers = (tier: string) =>
    killCovers(
      tier,
      `coalesce(g.action_class, ${current('action_class')})`,
      'g.server_name',
      "coalesce(g.tool_name, '')",
      'g.agent_name',
    );
  const where = Prisma.sql`EXISTS (SELECT 1 FROM (SELECT ${kill.scope}::text AS scope) k
    WHERE ${Prisma.raw(covers('g.tier'))} OR ${Prisma.raw(covers(`coalesce(${current('tier')}, g.tier)`))})`;
  return endGrants(tx, keys, { by, status: 'killed', cause: kill.scope, where });
}

/** Ends the live grants that a condition over `grants g` selects; one event and one hint each. */
export async function endGrants(
  tx: Tx,
  keys: EventKeys,
  end: {
    readonly by: ConfigActor | 'system';
    readonly status: GrantEnd;
    readonly cause: string;
    readonly where: Prisma.Sql;
  },
): Promise<number> {
  const ids = await tx.$queryRaw<{ id: string }[]>`
    SELECT g.id::text FROM grants g WHERE g.status IN ('pending', 'active') AND (${end.where}) ORDER BY g.id FOR UPDATE`;
  const by = end.by === 'system' || end.by.kind === 'operator' ? null : end.by.id;
  for (const { id } of ids) {
    const rows = await tx.$queryRaw<unknown[]>`
      UPDATE grants g SET status = ${end.status}::grant_status, version = g.version + 1, ended_at = clock_timestamp(),
        ended_by = ${by}::uuid
      WHERE g.id = ${id}::uuid AND g.status IN ('pending', 'active') RETURNING ${Prisma.raw(GRANT_COLUMNS)}`;
    if (rows[0] !== undefined) await recordEnd(tx, keys, end, toGrantRow(rows[0]));
  }
  return ids.length;
}

async function recordEnd(
  tx: Tx,
  keys: EventKeys,
  end: { readonly by: ConfigActor | 'system'; readonly cause: string },
  row: GrantRow,
): Promise<void> {
  const facts = grantFacts(row);
  await recordEvent(tx, keys, {
    ...facts,
    type: 'grant.ended',
    actor: auditActor(end.by),
    result: { status: row.status },
    detail: { ...facts.detail, cause: end.cause },
  });
  await announceGrant(tx, row);
}
