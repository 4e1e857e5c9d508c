import { z } from 'zod';
import type { Rule } from '#lib/core/policies/rule.ts';
import { WEEKDAYS } from '#lib/core/policies/rule.ts';
import { escalationStepSchema, factorSchema, groupsSchema } from './hold-terms.ts';
import { testOutcomeSchema } from './policy-tests.ts';
import {
  actionClassSchema,
  idSchema,
  isoTimeSchema,
  nameSchema,
  pageOf,
  reasonSchema,
  tierSchema,
} from './shared-shapes.ts';

/** A name or a glob with `*` and `?`. */
const patternsSchema = z.array(z.string().min(1).max(200)).min(1).max(100);
const clockSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 08:30');
const decisionSchema = z.enum(['allow', 'hold', 'deny']);

const timeWindowSchema = z.strictObject({
  zone: z.string().min(1).max(64),
  days: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional(),
  from: clockSchema.optional(),
  to: clockSchema.optional(),
});

/** One rule, as it is stored and sent. Whether its CEL compiles and its zone exists is lint's to say (lib/core/policies). */
export const ruleSchema: z.ZodType<Rule> = z.strictObject({
  name: nameSchema,
  description: z.string().max(500).optional(),
  when: z.strictObject({
    agents: patternsSchema.optional(),
    servers: patternsSchema.optional(),
    tools: patternsSchema.optional(),
    tiers: z.array(tierSchema).min(1).optional(),
    classes: z.array(actionClassSchema).min(1).optional(),
    tainted: z.boolean().optional(),
    inspectable: z.boolean().optional(),
    time: timeWindowSchema.optional(),
  }),
  if: z.string().min(1).max(2_000).optional(),
  // biome-ignore lint/suspicious/noThenProperty: the word of countersign.yaml; a rule is never awaited.
  then: decisionSchema,
  frees: z.boolean().optional(),
  quorum: z.number().int().min(1).max(20).optional(),
  from: groupsSchema.optional(),
  factors: z.array(factorSchema).min(1).max(5).optional(),
  expiresInS: z.number().int().min(1).max(86_400).optional(),
  approvedForS: z.number().int().min(30).max(86_400).optional(),
  voteTtlS: z.number().int().min(30).max(86_400).optional(),
  undoS: z.number().int().min(0).max(3_600).optional(),
  stepUp: z.literal('passkey').optional(),
  escalate: z.array(escalationStepSchema).min(1).max(5).optional(),
  mode: z.enum(['enforce', 'observe']).optional(),
  observeUntil: isoTimeSchema.optional(),
});
export const rulesSchema = z.array(ruleSchema).max(2_000);

/** Something lint found. `error` refuses publishing; `warning` is shown. `rule` null = the policy as a whole. */
export const lintFindingSchema = z.object({
  rule: z.string().nullable(),
  /** Where in the rule: `if`, `when.tools[0]`, … */
  field: z.string().nullable(),
  level: z.enum(['error', 'warning']),
  code: z.enum([
    'bad-condition',
    'bad-time',
    'name-twice',
    'never-matches',
    'shadowed',
    'unreachable',
    'observe-without-end',
    'observe-too-long',
    'no-such-group',
    'too-few-people',
    'frees',
    'bad-terms',
  ]),
  sentence: z.string(),
});
export type LintFinding = z.infer<typeof lintFindingSchema>;

/** One call decided by both versions: why the draft is looser or stricter. */
export const changeExampleSchema = z.object({
  server: z.string(),
  tool: z.string(),
  agent: z.string(),
  tier: tierSchema,
  actionClass: actionClassSchema,
  before: z.object({ decision: decisionSchema, rule: z.string() }),
  after: z.object({ decision: decisionSchema, rule: z.string() }),
  sentence: z.string(),
});
export const comparisonSchema = z.object({
  loosens: z.boolean(),
  tightens: z.boolean(),
  /** At most 50 of each, the worst first. */
  looser: z.array(changeExampleSchema),
  stricter: z.array(changeExampleSchema),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const policyStatusSchema = z.enum(['draft', 'proposed', 'published', 'withdrawn']);
export const policySummarySchema = z.object({
  version: z.number().int(),
  status: policyStatusSchema,
  inForce: z.boolean(),
  baseVersion: z.number().int(),
  contentHash: z.string(),
  note: z.string(),
  rules: z.number().int(),
  loosens: z.boolean(),
  createdBy: z.string(),
  createdAt: isoTimeSchema,
  proposedAt: isoTimeSchema.nullable(),
  approvedBy: z.string().nullable(),
  publishedAt: isoTimeSchema.nullable(),
});
export const policyDetailSchema = policySummarySchema.extend({
  content: rulesSchema,
  findings: z.array(lintFindingSchema),
  comparison: comparisonSchema.nullable(),
  /** Rule by rule against the version that it was written against. */
  diff: z.array(
    z.object({
      kind: z.enum(['added', 'removed', 'changed', 'moved']),
      rule: z.string(),
      before: ruleSchema.nullable(),
      after: ruleSchema.nullable(),
    }),
  ),
  /** Names of the policy tests that fail by these rules; none of a version that no longer waits for anything. */
  failingTests: z.array(z.string()),
  /** What the reader may do with it now, with the sentence for what they may not. */
  mayPublish: z.object({ allowed: z.boolean(), sentence: z.string() }),
  mayApprove: z.object({ allowed: z.boolean(), sentence: z.string(), at: isoTimeSchema.nullable() }),
});
export type PolicySummary = z.infer<typeof policySummarySchema>;
export type PolicyDetail = z.infer<typeof policyDetailSchema>;
/** Path parameter of one version. */
export const versionParamsSchema = z.object({ version: z.coerce.number().int().min(1).max(2_147_483_647) });
/** GET /api/v1/policies. `inForce` 0 = none was ever published. */
export const policiesPageSchema = pageOf(policySummarySchema).extend({
  inForce: z.number().int(),
  serverTime: isoTimeSchema,
});
/** POST /api/v1/policies: a draft on `baseVersion` (the one in force when it was opened). */
export const policyDraftSchema = z.strictObject({
  baseVersion: z.number().int().min(0),
  rules: rulesSchema,
  note: z.string().trim().max(500).default(''),
});
/** PATCH /api/v1/policies/<version>: a draft only. */
export const policyPatchSchema = z.strictObject({
  rules: rulesSchema.optional(),
  note: z.string().trim().max(500).optional(),
  withdraw: z.literal(true).optional(),
});
/** POST /api/v1/policies/<version>/publish and /approve. The hash is of what was on the screen. */
export const policyPublishSchema = z.strictObject({
  contentHash: z.string(),
  reason: reasonSchema.optional(),
  /** Publish although policy tests fail; the log then names them. */
  despiteTests: z.literal(true).optional(),
});
export const policyApproveSchema = z.strictObject({
  contentHash: z.string(),
  password: z.string().max(200).optional(),
});
/** POST /api/v1/policies/check: lint, comparison and tests of rules that are not stored; nothing is written. */
export const policyCheckSchema = z.strictObject({ baseVersion: z.number().int().min(0), rules: rulesSchema });
export const policyCheckedSchema = z.object({
  findings: z.array(lintFindingSchema),
  comparison: comparisonSchema,
  /** What came of every policy test, by name. */
  tests: z.array(testOutcomeSchema),
});
export type PolicyChecked = z.infer<typeof policyCheckedSchema>;

/** POST /api/v1/policies/simulate. Rules or a version; times default to the last 30 days. */
export const simulateBodySchema = z.strictObject({
  rules: rulesSchema.optional(),
  version: z.number().int().min(1).optional(),
  since: isoTimeSchema.optional(),
  until: isoTimeSchema.optional(),
});
const effectSchema = z.object({
  calls: z.number().int(),
  newlyHeld: z.number().int(),
  newlyFreed: z.number().int(),
  newlyDenied: z.number().int(),
});
export const simulationSchema = z.object({
  since: isoTimeSchema,
  until: isoTimeSchema,
  /** `total.calls` were decided; `unreadable` had no retained arguments, so conditions on them counted as errors. */
  total: effectSchema.extend({ unreadable: z.number().int(), truncated: z.boolean() }),
  rules: z.array(effectSchema.extend({ rule: z.string(), matched: z.number().int() })),
  tools: z.array(effectSchema.extend({ server: z.string(), tool: z.string() })),
  /** Holds per hour of the day (UTC), averaged over the days: now and with the draft. */
  approvalsPerHour: z.array(z.object({ hour: z.number().int(), now: z.number(), draft: z.number() })).length(24),
  examples: z.array(
    z.object({
      callId: idSchema,
      at: isoTimeSchema,
      agent: z.string(),
      server: z.string(),
      tool: z.string(),
      tier: tierSchema,
      actionClass: actionClassSchema,
      before: decisionSchema,
      after: decisionSchema,
      rule: z.string(),
      argsPreview: z.string(),
    }),
  ),
});
export type Simulation = z.infer<typeof simulationSchema>;
/** GET /api/v1/policies/observed: what rules, servers and controls in observe would have done. */
export const observedSchema = z.object({
  since: isoTimeSchema,
  items: z.array(
    z.object({
      scope: z.string(),
      wouldHold: z.number().int(),
      wouldDeny: z.number().int(),
      lastAt: isoTimeSchema.nullable(),
    }),
  ),
});
