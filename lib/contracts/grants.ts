import { z } from 'zod';
import { factorSchema } from './hold-terms.ts';
import {
  actionClassSchema,
  hexDigestSchema,
  idSchema,
  isoTimeSchema,
  pageOf,
  reasonSchema,
  tierSchema,
} from './shared-shapes.ts';

export const GRANT_STATES = ['pending', 'active', 'denied', 'expired', 'used-up', 'revoked', 'killed', 'void'] as const;
export const grantStatusSchema = z.enum(GRANT_STATES);

/** One tool or one class of one server. */
const subjectShape = {
  server: z.string().min(1).max(64),
  tool: z.string().min(1).max(200).optional(),
  actionClass: actionClassSchema.optional(),
};
/** POST /api/v1/grants: from a request (`requestId` + what it is narrowed to) or by hand. Exactly one of tool and class. */
export const grantCreateSchema = z
  .strictObject({
    agent: z.string().min(1).max(64),
    ...subjectShape,
    /** CEL over args, tool, server, agent, session, now; absent = any arguments. */
    condition: z.string().trim().min(1).max(2_000).optional(),
    minutes: z.number().int().min(1).max(1_440),
    maxUses: z.number().int().min(1).max(10_000),
    reason: reasonSchema,
    requestId: idSchema.optional(),
    assertion: z.unknown().optional(),
  })
  .refine((grant) => (grant.tool === undefined) !== (grant.actionClass === undefined), {
    message: 'Name a tool or an action class, not both.',
  });
export const grantSchema = z.object({
  id: idSchema,
  version: z.number().int(),
  status: grantStatusSchema,
  agent: z.string(),
  server: z.string(),
  tool: z.string().nullable(),
  actionClass: actionClassSchema.nullable(),
  condition: z.string().nullable(),
  /** The whole grant in words, made by us from its terms. */
  sentence: z.string(),
  tier: tierSchema,
  maxUses: z.number().int(),
  uses: z.number().int(),
  minutes: z.number().int(),
  quorum: z.object({ needed: z.number().int(), approved: z.number().int(), factors: z.array(factorSchema) }),
  stepUp: z.enum(['none', 'passkey']),
  digest: hexDigestSchema,
  requestId: idSchema.nullable(),
  reason: z.string(),
  createdBy: z.string(),
  createdAt: isoTimeSchema,
  decideBy: isoTimeSchema,
  activatedAt: isoTimeSchema.nullable(),
  expiresAt: isoTimeSchema.nullable(),
  endedAt: isoTimeSchema.nullable(),
  lastUsedAt: isoTimeSchema.nullable(),
  votes: z.array(z.object({ personName: z.string(), decision: z.enum(['approve', 'deny']), castAt: isoTimeSchema })),
  /** `mayDeny`: what bars the reader from approving may leave them the denial. */
  mayVote: z.object({ allowed: z.boolean(), sentence: z.string(), mayDeny: z.boolean() }),
});
export type Grant = z.infer<typeof grantSchema>;
export const grantsPageSchema = pageOf(grantSchema).extend({ serverTime: isoTimeSchema });
export const grantsQuerySchema = z.object({
  status: z.enum(['live', 'ended']).default('live'),
  cursor: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
/** POST /api/v1/grants/<id>/votes. */
export const grantVoteSchema = z.strictObject({
  decision: z.enum(['approve', 'deny']),
  digest: hexDigestSchema,
  reason: z.string().trim().max(500).optional(),
  assertion: z.unknown().optional(),
});
