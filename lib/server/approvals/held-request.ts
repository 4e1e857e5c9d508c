// Server-only. An approval request as the gateway sees it, and the code that each of its states means to the agent.
import { z } from 'zod';
import type { ProblemCode } from '#lib/contracts/problems.ts';
import { APPROVAL_STATES, type ApprovalState } from '#lib/core/approvals/states.ts';
import type { HoldTerms } from '#lib/core/policies/rule.ts';
import { TERMS_COLUMNS, termsOf, termsRowSchema } from './frozen-terms.ts';

export type HeldRequest = {
  readonly id: string;
  readonly callId: string;
  readonly version: number;
  readonly status: ApprovalState;
  readonly nonce: string;
  readonly digest: string;
  readonly expiresAt: Date;
  /** How long the request must still wait for its undo window, by the database's clock; 0 when there is none. */
  readonly executeInMs: number;
  /** What people must bring, frozen when the call was held. */
  readonly terms: HoldTerms;
  /** The session had read untrusted content when the call was held. */
  readonly tainted: boolean;
};

const rowSchema = termsRowSchema.extend({
  id: z.string(),
  call_id: z.string(),
  version: z.number().int(),
  status: z.enum(APPROVAL_STATES),
  nonce: z.string(),
  digest: z.string(),
  expires_at: z.date(),
  execute_in_ms: z.coerce.number(),
  tainted: z.boolean(),
});

/** The columns of `HeldRequest`, for a query that calls the table `r`. A request past its time reads as expired. */
export const HELD_REQUEST_COLUMNS = `r.id, r.call_id, r.version, r.nonce, r.digest, r.expires_at,
  CASE WHEN r.status = 'pending' AND r.expires_at <= clock_timestamp() THEN 'expired'
       WHEN r.status = 'approved' AND r.approved_until <= clock_timestamp() THEN 'expired-unused'
       ELSE r.status::text END AS status,
  greatest(0, coalesce(extract(epoch FROM r.execute_after - clock_timestamp()) * 1000, 0)) AS execute_in_ms,
  r.tainted, ${TERMS_COLUMNS}`;

/** Parses a row of those columns. */
export function toHeldRequest(row: unknown): HeldRequest {
  const parsed = rowSchema.parse(row);
  return {
    id: parsed.id,
    callId: parsed.call_id,
    version: parsed.version,
    status: parsed.status,
    nonce: parsed.nonce,
    digest: parsed.digest,
    expiresAt: parsed.expires_at,
    executeInMs: parsed.execute_in_ms,
    terms: termsOf(parsed),
    tainted: parsed.tainted,
  };
}

/** What a state that no longer waits means to the agent that asked. */
export function codeOfState(state: ApprovalState): ProblemCode {
  switch (state) {
    case 'pending':
    case 'approved':
      return 'approval-pending';
    case 'denied':
      return 'denied-by-human';
    case 'expired':
    case 'expired-unused':
      return 'approval-expired';
    case 'withdrawn':
      return 'approval-withdrawn';
    case 'superseded':
    case 'revoked':
      return 'approval-superseded';
    case 'killed':
      return 'killed';
    case 'consumed':
    case 'succeeded':
    case 'failed':
      return 'already-decided';
    case 'unknown-outcome':
      return 'unknown-outcome';
  }
}
