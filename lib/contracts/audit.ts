import { z } from 'zod';
import { idSchema, isoTimeSchema } from './shared-shapes.ts';

/** One entry of the log; `entry` is the exact text that was hashed (attacker text inside). */
export const auditRowSchema = z.object({
  seq: z.string(),
  at: isoTimeSchema,
  type: z.string(),
  leaf: z.string(),
  entry: z.string(),
  callId: z.string().nullable(),
  requestId: z.string().nullable(),
  sessionId: z.string().nullable(),
  agent: z.string().nullable(),
  server: z.string().nullable(),
  tool: z.string().nullable(),
  actor: z.string().nullable(),
  decision: z.string().nullable(),
  tier: z.string().nullable(),
  sentence: z.string(),
});
export type AuditRow = z.infer<typeof auditRowSchema>;
/** What the timeline can be narrowed by, under the names that stand in addresses and in hunts. */
export const AUDIT_FILTERS = [
  'type',
  'agent',
  'server',
  'tool',
  'tier',
  'decision',
  'actor',
  'session',
  'call',
  'request',
  'policy',
  'host',
  'since',
  'until',
] as const;
const FILTERS: ReadonlySet<string> = new Set(AUDIT_FILTERS);
/** Filters as they stand in addresses: names and texts. */
export const auditFiltersSchema = z
  .record(
    z.string(),
    z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\0]*$/),
  )
  .refine((filters) => Object.keys(filters).every((name) => FILTERS.has(name)), 'only filters of the timeline');
export const auditQuerySchema = z.object({
  /** One kind, a family by its first word and a dot (`kill.`), or several with commas between. */
  type: z.string().max(1000).optional(),
  agent: z.string().optional(),
  server: z.string().optional(),
  tool: z.string().optional(),
  actor: z.string().optional(),
  decision: z.string().optional(),
  session: z.string().optional(),
  call: z.string().optional(),
  request: z.string().optional(),
  tier: z.string().optional(),
  /** The version of the policy that judged. */
  policy: z
    .string()
    .regex(/^[0-9]{1,9}$/, 'the number of a policy version')
    .optional(),
  /** Of entries about destinations. */
  host: z.string().optional(),
  since: isoTimeSchema.optional(),
  until: isoTimeSchema.optional(),
  cursor: z.string().optional(),
  /** In place of `cursor`: the entries that follow this number, the nearest ones, still newest first. */
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;
export const auditPageSchema = z.object({
  items: z.array(auditRowSchema),
  nextCursor: z.string().nullable(),
  head: z.object({ size: z.string(), root: z.string(), waiting: z.number().int() }),
});
export type AuditPage = z.infer<typeof auditPageSchema>;
/** GET /api/v1/audit/proof/inclusion: proofs of several entries, at most a hundred, in the tree of a size one has witnessed. */
export const inclusionProofsQuerySchema = z.object({
  seqs: z.string().regex(/^[0-9]{1,15}(?:,[0-9]{1,15}){0,99}$/, 'at most 100 numbers with commas between'),
  size: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
});
/** `path` names hashes by their place in `hashes`, from the leaf's neighbour up. */
export const inclusionProofsSchema = z.object({
  size: z.string(),
  hashes: z.array(z.string()),
  proofs: z.array(z.object({ seq: z.string(), path: z.array(z.number().int()) })),
});
/** The most entries of one bundle: each comes with its proof. */
export const MOST_BUNDLED = 2000;
/** POST /api/v1/audit/bundles: what the evidence is of. Answers a `.tar.gz`. */
export const bundleBodySchema = z.strictObject({
  of: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('call'), callId: idSchema }),
    z.strictObject({ kind: z.literal('session'), sessionId: z.string().min(1).max(400) }),
    z.strictObject({
      kind: z.literal('view'),
      filters: auditFiltersSchema,
    }),
  ]),
});
export type BundleOf = z.infer<typeof bundleBodySchema>['of'];
