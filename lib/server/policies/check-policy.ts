// Server-only.
import type { z } from 'zod';
import type { policyCheckedSchema, policyCheckSchema } from '#lib/contracts/policies.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigRefusal, refuse } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { judgeRules } from './judge-rules.ts';
import { readPublished } from './policy-rows.ts';
import { readWorld } from './read-world.ts';
import { testRules } from './test-rules.ts';

/** Lint, comparison and tests of rules that are on somebody's screen. Nothing is written. */
export async function checkPolicy(
  tx: Tx,
  input: z.infer<typeof policyCheckSchema>,
): Promise<Result<z.infer<typeof policyCheckedSchema>, ConfigRefusal>> {
  const base = await readPublished(tx, input.baseVersion);
  if (base === null) return refuse('not-found', `No version ${input.baseVersion} was published.`);
  const world = await readWorld(tx);
  const { findings, comparison } = judgeRules(base, input.rules, world);
  const tests = await testRules(tx, input.rules, world);
  return ok({ findings: [...findings], comparison, tests: tests.map((one) => ({ ...one, rules: [...one.rules] })) });
}
