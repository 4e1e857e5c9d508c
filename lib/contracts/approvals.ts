import { z } from 'zod';
import { approvalSummarySchema, MOST_IDS } from './approval-rows.ts';
import { escalationStepSchema, factorSchema } from './hold-terms.ts';
import { hexDigestSchema, idSchema, isoTimeSchema } from './shared-shapes.ts';

/** One human's vote as others see it. */
export const voteSchema = z.object({
  personId: idSchema,
  personName: z.string(),
  decision: z.enum(['approve', 'deny']),
  reason: z.string().nullable(),
  castAt: isoTimeSchema,
  /** "B for A": whose place the voter took. */
  forPersonName: z.string().nullable(),
  withdrawnAt: isoTimeSchema.nullable(),
  stepUp: z.boolean(),
  /** Counts now: cast recently enough, by somebody who may. */
  counts: z.boolean(),
  breakGlass: z.boolean(),
  /** With whom the voter counts as one person now, and until when, as a sentence; absent: with nobody. */
  countsWith: z.string().optional(),
});

/** Everything the digest is made of, so that anyone can recompute it. */
export const digestInputsSchema = z.object({
  agent: z.string(),
  onBehalfOf: z.string().nullable(),
  session: z.string(),
  server: z.string(),
  serverConfigHash: z.string(),
  tool: z.string(),
  toolDigest: z.string(),
  argsHash: hexDigestSchema,
  nonce: z.string(),
});

/** One step in a call's or session's story. */
export const storyEventSchema = z.object({
  seq: z.string().nullable(),
  at: isoTimeSchema,
  type: z.string(),
  actor: z.string().nullable(),
  sentence: z.string(),
});

/**
 * The whole request. `canonicalArgs` is exactly what was hashed and will be forwarded; after `argsErasedAt` it says instead that
 * the retention rule has erased it.
 */
export const approvalDetailSchema = approvalSummarySchema.extend({
  digestInputs: digestInputsSchema,
  canonicalArgs: z.string(),
  argsErasedAt: isoTimeSchema.nullable(),
  agentReason: z.string().nullable(),
  toolDescription: z.string().nullable(),
  tagReason: z.string().nullable(),
  suggestionReasons: z.array(z.string()),
  policyVersion: z.number().int(),
  /** What people must bring, frozen when the call was held. Times in seconds. */
  terms: z.object({
    quorum: z.number().int(),
    factors: z.array(factorSchema.extend({ approved: z.number().int() })),
    stepUp: z.enum(['none', 'passkey']),
    undoS: z.number().int(),
    voteTtlS: z.number().int(),
    escalation: z.array(escalationStepSchema),
    escalationStep: z.number().int(),
    escalateAt: isoTimeSchema.nullable(),
    /** Why the reader may not take the next step now; null = they may, if there is one. */
    escalateBar: z.string().nullable(),
    /** Why the reader may not give it more time; null = they may, once. */
    extendBar: z.string().nullable(),
  }),
  /** Every rule that matched, in the order of the policy. */
  matched: z.array(z.string()),
  tainted: z.boolean(),
  /** Open undo window: the call runs after this unless somebody vetoes. */
  executeAfter: isoTimeSchema.nullable(),
  /** People in whose place the reader may vote now. */
  mayVoteFor: z.array(z.object({ id: idSchema, name: z.string() })),
  supersededBy: idSchema.nullable(),
  votes: z.array(voteSchema),
  mayVote: z.discriminatedUnion('allowed', [
    z.object({ allowed: z.literal(true) }),
    /** `mayDeny`: what bars the reader from approving leaves them the denial. */
    z.object({ allowed: z.literal(false), code: z.string(), sentence: z.string(), mayDeny: z.boolean() }),
  ]),
  approvedUntil: isoTimeSchema.nullable(),
  finishedAt: isoTimeSchema.nullable(),
  session: z.array(storyEventSchema),
  story: z.array(storyEventSchema),
  baseRate: z.object({ asked: z.number().int(), approved: z.number().int(), days: z.number().int() }),
  lastApproved: z.object({ at: isoTimeSchema, canonicalArgs: z.string() }).nullable(),
  serverTime: isoTimeSchema,
});
export type ApprovalDetail = z.infer<typeof approvalDetailSchema>;
const ID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

export const approvalsQuerySchema = z.object({
  status: z.enum(['pending', 'history', 'mine']).default('pending'),
  /** Only these, whatever became of them, with commas between: what a page asks when hints named them. */
  ids: z
    .string()
    .regex(new RegExp(`^${ID}(?:,${ID}){0,${MOST_IDS - 1}}$`))
    .optional(),
  /**
   * Only requests in which all of these words occur: `merge tier:high`. A page may then have fewer rows than asked for, or
   * none, and more to come: a request looks through a bounded number.
   */
  q: z
    .string()
    .max(200)
    .regex(/^[^\0]*$/)
    .optional(),
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** POST /api/v1/approvals/<id>/votes. The digest is the one that was on the screen. */
export const voteBodySchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  digest: hexDigestSchema,
  reason: z.string().trim().max(500).optional(),
  /** Vote in the place of somebody who delegated to the voter. */
  forPersonId: idSchema.optional(),
  /** WebAuthn assertion over this vote, where the rule asks for a passkey; see passkeys.ts. */
  assertion: z.unknown().optional(),
  /** Decide alone, under one's open break-glass session. */
  breakGlass: z.literal(true).optional(),
});
export type VoteBody = z.infer<typeof voteBodySchema>;

/** 200: the record after the vote; `outcome` says whether this vote changed it. 409 carries `record` beside the problem. */
export const voteAnswerSchema = z.object({
  outcome: z.enum(['counted', 'decided', 'already']),
  record: approvalDetailSchema,
});
export type VoteAnswer = z.infer<typeof voteAnswerSchema>;

/** POST /api/v1/approvals/<id>/withdraw-vote, /veto, /escalate. The digest is the one that was on the screen. */
export const requestActionSchema = z.strictObject({
  digest: hexDigestSchema,
  reason: z.string().trim().max(500).optional(),
});
/** POST /api/v1/approvals/batch: an explicit, frozen list. Approving: same tool, at most medium tier, at most 20. */
export const batchBodySchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  items: z
    .array(z.strictObject({ id: idSchema, digest: hexDigestSchema }))
    .min(1)
    .max(200),
  reason: z.string().trim().max(500).optional(),
});
export const batchAnswerSchema = z.object({
  items: z.array(
    z.object({
      id: idSchema,
      outcome: z.enum(['counted', 'decided', 'already', 'refused']),
      code: z.string().nullable(),
      sentence: z.string().nullable(),
    }),
  ),
});
