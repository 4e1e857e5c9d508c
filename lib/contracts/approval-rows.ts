// Client-safe. A request as the lists of every page read it; all of one, with votes and arguments, is in approvals.ts.
import { z } from 'zod';
import { APPROVAL_STATES } from '#lib/core/approvals/states.ts';
import { actionClassSchema, hexDigestSchema, idSchema, isoTimeSchema, pageOf, tierSchema } from './shared-shapes.ts';

export const approvalStatusSchema = z.enum(APPROVAL_STATES);

/** A row of the inbox. Server, tool and agent names, and `argsPreview`, are attacker text. */
export const approvalSummarySchema = z.object({
  id: idSchema,
  version: z.number().int(),
  /** What a vote on this row is bound to: a batch is a frozen list of ids and digests. */
  digest: hexDigestSchema,
  status: approvalStatusSchema,
  callId: idSchema,
  agent: z.string(),
  onBehalfOf: z.string().nullable(),
  server: z.string(),
  tool: z.string(),
  tier: tierSchema,
  actionClass: actionClassSchema,
  rule: z.string(),
  quorum: z.object({ needed: z.number().int(), approved: z.number().int() }),
  argsPreview: z.string(),
  argsBytes: z.number().int(),
  requestedAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  decidedAt: isoTimeSchema.nullable(),
  claimedBy: z.string().nullable(),
  mine: z.boolean(),
  /** Asked by the red team: there is nothing behind it, and it is taken back at once. */
  redTeam: z.boolean().optional(),
});
export type ApprovalSummary = z.infer<typeof approvalSummarySchema>;

/** As many ids as one question for what changed may name. */
export const MOST_IDS = 100;
export const approvalsPageSchema = pageOf(approvalSummarySchema).extend({ serverTime: isoTimeSchema });
export type ApprovalsPage = z.infer<typeof approvalsPageSchema>;
