// Client-safe. Tests of the policy: calls that somebody made up, with what must come of them.
import { z } from 'zod';
import type { PolicyTest } from '#lib/core/policies/policy-test.ts';
import { actionClassSchema, isoTimeSchema, nameSchema, tierSchema } from './shared-shapes.ts';

/** Each is decided anew while somebody types, so there are not many and their arguments are small. */
export const MOST_POLICY_TESTS = 200;
export const MOST_TEST_ARGS = 4_096;

const decisionSchema = z.enum(['allow', 'hold', 'deny']);
const argsSchema = z
  .record(z.string(), z.json())
  .refine((args) => JSON.stringify(args).length <= MOST_TEST_ARGS, `at most ${MOST_TEST_ARGS} characters of JSON`);

/** A test as it is stored and sent. Its arguments are data: they are decided over, never run. */
export const policyTestSchema: z.ZodType<PolicyTest> = z.strictObject({
  name: nameSchema,
  call: z.strictObject({
    agent: z.string().min(1).max(64),
    server: z.string().min(1).max(64),
    tool: z.string().min(1).max(128),
    tier: tierSchema.optional(),
    actionClass: actionClassSchema.optional(),
    args: argsSchema,
    tainted: z.boolean().optional(),
    at: isoTimeSchema.optional(),
  }),
  expect: z
    .strictObject({ decision: decisionSchema, quorum: z.number().int().min(1).max(20).optional() })
    .refine(({ decision, quorum }) => quorum === undefined || decision === 'hold', {
      path: ['quorum'],
      message: 'only a hold has a quorum',
    }),
});

/** GET /api/v1/policies/tests: all of them, by name. */
export const policyTestsSchema = z.object({ items: z.array(policyTestSchema) });
/** Path parameter of one test. */
export const policyTestParamsSchema = z.object({ name: z.string().min(1).max(64) });

/** What came of one test under rules. `rule` decided; `rules` are all that matched; `quorum` is only of a hold. */
export const testOutcomeSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  decision: decisionSchema,
  quorum: z.number().nullable(),
  rule: z.string(),
  rules: z.array(z.string()),
  /** Whether the registry has the tool. */
  known: z.boolean(),
});
