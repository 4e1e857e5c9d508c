// Server-only.
import type { z } from 'zod';
import type { Simulation, simulateBodySchema } from '#lib/contracts/policies.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { compileRules } from '#lib/core/policies/compile.ts';
import { decide } from '#lib/core/policies/decide.ts';
import type { PolicyCall, PolicyDefaults, Rule } from '#lib/core/policies/rule.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigRefusal, refuse } from '../db/config-write.ts';
import { databaseNow, type Tx } from '../db/tx.ts';
import { countEffects } from './effects.ts';
import { readInForce, rulesOf } from './policy-rows.ts';
import { MOST_SIMULATED_CALLS, replayCalls, SIMULATED_DAYS } from './replay-calls.ts';
import { mayApprovePolicies } from './second-person.ts';

type Draft = { readonly rules: readonly Rule[]; readonly freesAllowed: boolean };

/**
 * Decides the recorded calls of a window twice: by the policy in force and by another, and counts what would differ.
 *
 * A `frees` of the draft counts as let in. Reads at most the newest 50,000 calls and says so. Refuses everybody outside
 * admin and security: the examples carry arguments.
 */
export async function simulatePolicy(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: z.infer<typeof simulateBodySchema>,
  most: number = MOST_SIMULATED_CALLS,
): Promise<Result<Simulation, ConfigRefusal>> {
  if (!mayApprovePolicies(actor))
    return refuse('not-allowed', 'Simulating shows arguments: it needs the role admin or security.');
  const tx = deps.prisma;
  const draft = await readDraft(tx, input);
  if (!draft.ok) return draft;
  const now = await databaseNow(tx);
  const until = input.until === undefined ? now : new Date(input.until);
  const since =
    input.since === undefined ? new Date(until.getTime() - SIMULATED_DAYS * 86_400_000) : new Date(input.since);
  if (since >= until) return refuse('invalid-request', 'since: must be before until.');

  const { undoHighS } = await tx.settings.findUniqueOrThrow({ where: { id: 1 } });
  const inForce = await readInForce(tx);
  const before = policyOf(inForce, undoHighS);
  const after = policyOf(draft.value, undoHighS);

  const effects = countEffects();
  const truncated = await replayCalls(tx, deps.keys, { since, until, most }, (asked, call) => {
    const { tier, actionClass } = asked;
    effects.add({ call, tier, actionClass, before: before(asked), after: after(asked) });
  });
  const names = draft.value.rules.map((rule) => rule.name);
  const counted = effects.result(names, { since, until });
  return ok({
    ...counted,
    since: since.toISOString(),
    until: until.toISOString(),
    total: { ...counted.total, truncated },
  });
}

async function readDraft(tx: Tx, input: z.infer<typeof simulateBodySchema>): Promise<Result<Draft, ConfigRefusal>> {
  if ((input.rules === undefined) === (input.version === undefined)) {
    return refuse('invalid-request', 'Give either rules or a version.');
  }
  if (input.rules !== undefined) return ok({ rules: input.rules, freesAllowed: true });
  const row = await tx.policyVersion.findUnique({ where: { version: input.version ?? 0 } });
  return row === null ? refuse('not-found') : ok({ rules: rulesOf(row), freesAllowed: true });
}

function policyOf({ rules, freesAllowed }: Draft, undoHighS: number) {
  const compiled = compileRules(rules);
  const defaults: PolicyDefaults = { undoHighS, freesAllowed };
  return (call: PolicyCall) => decide({ rules: compiled, call, defaults });
}
