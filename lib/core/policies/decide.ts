import type { Tier } from '../risk/types.ts';
import { type CompiledRules, compileRules, matchingRules } from './compile.ts';
import { defaultTerms, heldTerms, strictestHold } from './hold-terms.ts';
import type { Decision, HoldTerms, PolicyCall, PolicyDefaults, Rule } from './rule.ts';

/** The verdict over one call, with everything that explains it. */
export type PolicyVerdict = {
  readonly decision: Decision;
  /** The rule that decided, or `default-low`, `default-medium`, `default-high`. */
  readonly rule: string;
  /** Every rule that matched and enforces, also those that were outweighed. */
  readonly matched: readonly string[];
  /** What people must bring if this call is held; also given where it is not, as the tier's default. */
  readonly terms: HoldTerms;
  /** What rules in observe would have made of it, when that differs: recorded, without effect. */
  readonly observed: { readonly decision: Decision; readonly rule: string } | null;
};

const TIER_DECISIONS: Readonly<Record<Tier, Decision>> = { low: 'allow', medium: 'hold', high: 'hold' };
const NO_DEFAULTS: PolicyDefaults = { undoHighS: 0, freesAllowed: false };

/**
 * Decides a call: deny > hold > allow over all matching rules and the tier's default.
 *
 * The tier's default always takes part, so an allow rule cannot free what the tier holds, unless it says `frees` and the
 * installation lets it (two people published it). Of several hold rules the strictest of each part applies. A condition,
 * time window or fact that cannot be judged counts as met for deny and hold and as unmet for allow. Rules in observe have
 * no effect; what all of them in force would have made of the call stands in `observed`. Assumes tier and class from the
 * registry. Pass `compileRules` output where decisions are frequent; a plain list is compiled on each call.
 */
export function decide(input: {
  readonly rules: readonly Rule[] | CompiledRules;
  readonly call: PolicyCall;
  readonly defaults?: PolicyDefaults | undefined;
}): PolicyVerdict {
  const compiled = 'kind' in input.rules ? input.rules : compileRules(input.rules);
  const { enforced, observed } = matchingRules(compiled, input.call);
  const defaults = input.defaults ?? NO_DEFAULTS;
  const verdict = judgeMatches(enforced, input.call.tier, defaults);
  if (observed.length === 0) return verdict;
  return { ...verdict, observed: observedEffect(verdict, enforced, observed, input.call.tier, defaults) };
}

/** The verdict that matching rules and a tier amount to. */
export function judgeMatches(found: readonly Rule[], tier: Tier, defaults: PolicyDefaults): PolicyVerdict {
  const fallback = TIER_DECISIONS[tier];
  const terms = defaultTerms(tier, defaults);
  const base = { matched: found.map((rule) => rule.name), terms, observed: null };

  const denying = found.find((rule) => rule.then === 'deny');
  if (denying !== undefined) return { ...base, decision: 'deny', rule: denying.name };

  const holding = found.filter((rule) => rule.then === 'hold');
  const strictest = strictestHold(holding);
  if (strictest !== null) {
    return { ...base, decision: 'hold', rule: strictest.name, terms: heldTerms(holding, terms) };
  }
  const allowing = found.find((rule) => rule.then === 'allow' && (fallback === 'allow' || mayFree(rule, defaults)));
  if (allowing !== undefined) return { ...base, decision: 'allow', rule: allowing.name };
  return { ...base, decision: fallback, rule: `default-${tier}` };
}

/** Whether an allow rule may free what a tier holds. */
function mayFree(rule: Rule, defaults: PolicyDefaults): boolean {
  return rule.frees === true && defaults.freesAllowed;
}

/** The effect that rules in observe would have, under the name of the one that would have it. */
function observedEffect(
  verdict: PolicyVerdict,
  enforced: readonly Rule[],
  observed: readonly Rule[],
  tier: Tier,
  defaults: PolicyDefaults,
): PolicyVerdict['observed'] {
  const would = judgeMatches([...enforced, ...observed], tier, defaults);
  const sameTerms = JSON.stringify(would.terms) === JSON.stringify(verdict.terms);
  if (would.decision === verdict.decision && sameTerms) return null;
  const alike = observed.filter((rule) => rule.then === would.decision);
  const rule = alike.find(({ name }) => name === would.rule) ?? alike[0];
  return rule === undefined ? null : { decision: would.decision, rule: rule.name };
}
