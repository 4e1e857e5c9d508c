// Server-only. The terms of a hold as its request's row keeps them: what they were when the call was held.
import { z } from 'zod';
import type { HoldTerms } from '#lib/core/policies/rule.ts';

const groups = z.array(z.string());

/** The columns below, parsed at the edge: terms that cannot be read are a reason to stop, not to ask for less. */
export const termsRowSchema = z.object({
  quorum: z.number().int(),
  factors: z.array(z.object({ groups, count: z.number() })),
  step_up: z.enum(['none', 'passkey']),
  undo_s: z.number().int(),
  vote_ttl_s: z.number().int(),
  approved_ttl_s: z.number().int(),
  pending_ttl_s: z.coerce.number(),
  escalation: z.array(z.object({ afterS: z.number(), groups })),
});
export type TermsRow = z.infer<typeof termsRowSchema>;

/** For a query that calls the table `r`. */
export const TERMS_COLUMNS = `r.quorum, r.factors, r.step_up, r.undo_s, r.vote_ttl_s, r.approved_ttl_s,
  extract(epoch FROM r.expires_at - r.requested_at) AS pending_ttl_s, r.escalation`;

/** Those columns as terms. */
export function termsOf(row: TermsRow): HoldTerms {
  return {
    quorum: row.quorum,
    factors: row.factors,
    stepUp: row.step_up,
    pendingTtlS: row.pending_ttl_s,
    approvedTtlS: row.approved_ttl_s,
    voteTtlS: row.vote_ttl_s,
    undoS: row.undo_s,
    escalation: row.escalation,
  };
}
