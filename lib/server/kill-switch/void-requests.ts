// Server-only.

import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal, OperatorPrincipal } from '#lib/core/identity/principals.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { killCovers } from '../approvals/kill-covers.ts';
import { buildInboxRow } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';

type Voided = {
  id: string;
  version: number;
  call_id: string;
  agent_name: string;
  server_name: string;
  tool_name: string;
  session_key: string;
  tier: Tier;
  digest: string;
};

/** A tool may have been moved to a stricter tier since it was asked for; the kill covers it by either. */
const CURRENT_TIER = '(SELECT t.tier FROM tools t WHERE t.server_id = r.server_id AND t.name = r.tool_name)';

/**
 * Ends every pending and every approved but unused request that a scope covers, for good, and returns how many.
 * Assumes that the caller holds `kill_head`: no new request can be opened under the old epoch meanwhile. One audit row
 * and one hint each, written in one statement, because a queue of thousands must not delay the kill.
 */
export async function voidRequests(
  tx: Tx,
  keys: Keys,
  by: HumanPrincipal | OperatorPrincipal,
  kill: { readonly scope: string; readonly epoch: bigint },
): Promise<number> {
  const covers = (tier: string) =>
    Prisma.raw(killCovers(tier, 'r.action_class', 'r.server_name', 'r.tool_name', 'r.agent_name'));
  const voided = await tx.$queryRaw<Voided[]>`
    UPDATE approval_requests r SET status = 'killed', version = r.version + 1, finished_at = clock_timestamp()
    FROM (SELECT ${kill.scope}::text AS scope) k
    WHERE r.status IN ('pending', 'approved') AND (${covers('r.tier')} OR ${covers(CURRENT_TIER)})
    RETURNING r.id::text, r.version, r.call_id::text, r.agent_name, r.server_name, r.tool_name, r.session_key,
      r.tier::text AS tier, r.digest`;
  if (voided.length === 0) return 0;
  const actor = auditActor(by);
  const events = voided.map((request) =>
    buildInboxRow(
      {
        type: 'request.killed',
        actor,
        agent: request.agent_name,
        server: request.server_name,
        tool: request.tool_name,
        session: request.session_key,
        callId: request.call_id,
        requestId: request.id,
        tier: request.tier,
        digest: request.digest,
        decision: 'deny',
        code: 'killed',
        killEpoch: kill.epoch.toString(),
      },
      keys,
    ),
  );
  await tx.$executeRaw`INSERT INTO audit_inbox (event) SELECT unnest(${events.map((row) => row.event)}::text[])`;
  const hints = voided.map(({ id, version }) => JSON.stringify({ id, version, status: 'killed' }));
  await tx.$executeRaw`SELECT pg_notify('cs_approval', hint) FROM unnest(${hints}::text[]) AS hint`;
  return voided.length;
}
