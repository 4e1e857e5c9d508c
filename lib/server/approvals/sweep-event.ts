// Server-only. What the worker's sweeps have in common: the ended request's columns, its audit row and its hint.

import type { AuditEventType } from '#lib/core/audit/event-types.ts';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { Tier } from '#lib/core/risk/types.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';

export type SweptRequest = {
  readonly id: string;
  readonly version: number;
  readonly status: string;
  readonly call_id: string;
  readonly agent_name: string;
  readonly server_name: string;
  readonly tool_name: string;
  readonly session_key: string;
  readonly tier: Tier;
  readonly rule: string;
  readonly policy_version: number;
  readonly digest: string;
};

/** For the RETURNING of a sweep's UPDATE of `approval_requests r`. */
export const SWEPT_COLUMNS = Prisma.sql`r.id::text, r.version, r.status::text, r.call_id::text, r.agent_name,
  r.server_name, r.tool_name, r.session_key, r.tier::text, r.rule, r.policy_version, r.digest`;

/** Records and announces what a sweep has ended, in the transaction that ended it. */
export async function recordSwept(
  tx: Tx,
  keys: Pick<Keys, 'masterKey'>,
  request: SweptRequest,
  event: { readonly type: AuditEventType; readonly decision?: string; readonly code: string },
): Promise<void> {
  await recordEvent(tx, keys, {
    ...event,
    actor: auditActor('system'),
    agent: request.agent_name,
    server: request.server_name,
    tool: request.tool_name,
    session: request.session_key,
    callId: request.call_id,
    requestId: request.id,
    tier: request.tier,
    rule: request.rule,
    policyVersion: request.policy_version,
    digest: request.digest,
  });
  const { id, version, status } = request;
  await notify(tx, 'cs_approval', { id, version, status });
}
