// Server-only. A request under its lock: what every decision about it starts from, how it moves on, and what the log says.
import type { ApprovalState } from '#lib/core/approvals/states.ts';
import type { AuditActor } from '#lib/core/identity/audit-actor.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import type { ActionClass, Tier } from '#lib/core/risk/types.ts';
import type { AuditEventInput } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { TERMS_COLUMNS, termsOf, termsRowSchema } from './frozen-terms.ts';
import type { VoterFacts } from './judge-voter.ts';

export type LockedRequest = VoterFacts & {
  readonly id: string;
  readonly version: number;
  readonly status: ApprovalState;
  readonly call_id: string;
  readonly agent_name: string;
  readonly server_id: string;
  readonly server_name: string;
  readonly tool_name: string;
  readonly session_key: string;
  readonly args_sealed: Uint8Array;
  readonly digest: string;
  readonly tier: Tier;
  readonly action_class: ActionClass;
  readonly rule: string;
  readonly policy_version: number;
  readonly tainted: boolean;
  readonly escalation_step: number;
  readonly requested_at: Date;
  readonly now: Date;
  /** Frozen when the call was held. */
  readonly frozen: HoldTerms;
};

/**
 * Locks a request and reads it; null when it is not there. A request past its time reads as expired.
 * The clock is read after the lock is held: a vote that waited past the expiry comes too late.
 */
export async function lockRequest(tx: Tx, id: string): Promise<LockedRequest | null> {
  await tx.$queryRaw`SELECT 1 FROM approval_requests WHERE id = ${id}::uuid FOR UPDATE`;
  const rows = await tx.$queryRaw<Omit<LockedRequest, 'frozen'>[]>`
    SELECT r.id::text, r.version, r.call_id::text, r.agent_id::text, r.agent_name, r.server_id::text, r.server_name,
      r.tool_name, r.session_key, r.args_sealed, r.digest, r.tier::text AS tier, r.action_class, r.rule, r.policy_version,
      r.tainted, r.escalation_step, r.on_behalf_of, r.opened_solo, r.agent_owner_id::text, r.requested_at, clock_timestamp() AS now,
      CASE WHEN r.status = 'pending' AND r.expires_at <= clock_timestamp() THEN 'expired'
           WHEN r.status = 'approved' AND r.approved_until <= clock_timestamp() THEN 'expired-unused'
           ELSE r.status::text END AS status, ${Prisma.raw(TERMS_COLUMNS)}
    FROM approval_requests r WHERE r.id = ${id}::uuid`;
  const row = rows[0];
  return row === undefined ? null : { ...row, frozen: termsOf(termsRowSchema.parse(row)) };
}

export type Move =
  /** Only something beside the state changed: a vote, a step. */
  | { readonly to: null }
  | { readonly to: 'denied' | 'revoked' }
  /** It may run after the undo window, and from then on as long as an approval lasts. */
  | { readonly to: 'approved'; readonly terms: Pick<HoldTerms, 'undoS' | 'approvedTtlS'> };

/** Moves a locked request on by one conditional UPDATE and tells whoever listens. Throws when it is not as it was read. */
export async function moveRequest(tx: Tx, row: LockedRequest, move: Move): Promise<void> {
  const undoS = move.to === 'approved' ? move.terms.undoS : 0;
  const ttlS = move.to === 'approved' ? Math.min(move.terms.approvedTtlS, row.frozen.approvedTtlS) : 0;
  const moved = await tx.$queryRaw<{ version: number; status: string }[]>`
    UPDATE approval_requests r SET version = version + 1,
      status = COALESCE(${move.to}::approval_status, status),
      decided_at = CASE WHEN ${move.to}::text IN ('approved', 'denied') THEN t.now ELSE decided_at END,
      finished_at = CASE WHEN ${move.to}::text IN ('denied', 'revoked') THEN t.now ELSE finished_at END,
      execute_after = CASE WHEN ${move.to}::text = 'approved' AND ${undoS}::int > 0
        THEN t.now + make_interval(secs => ${undoS}::int) WHEN ${move.to}::text = 'approved' THEN NULL ELSE execute_after END,
      approved_until = CASE WHEN ${move.to}::text = 'approved'
        THEN t.now + make_interval(secs => ${undoS}::int + ${ttlS}::int) ELSE approved_until END
    FROM (SELECT clock_timestamp() AS now) t
    WHERE r.id = ${row.id}::uuid AND status = ${row.status}::approval_status AND version = ${row.version}
    RETURNING version, status::text AS status`;
  const after = moved[0];
  // Under the row's lock nobody else can have moved it; if somebody did, nothing of this decision may stand.
  if (after === undefined) throw new Error('The request changed under its lock.');
  await notify(tx, 'cs_approval', { id: row.id, version: after.version, status: after.status });
}

/** What the log says about any decision on a request. */
export function factsOf(actor: AuditActor, row: LockedRequest): Omit<AuditEventInput, 'type'> {
  return {
    actor,
    session: row.session_key,
    agent: row.agent_name,
    server: row.server_name,
    tool: row.tool_name,
    callId: row.call_id,
    requestId: row.id,
    tier: row.tier,
    actionClass: row.action_class,
    digest: row.digest,
    rule: row.rule,
    policyVersion: row.policy_version,
  };
}
