import type { Tier } from '../risk/types.ts';
import { type CompiledRules, compileRules, matchingRules } from './compile.ts';
import type { Decision, HoldTerms, PolicyCall, PolicyDefaults, Rule } from './rule.ts';

/** The verdict over one call, with everything that explains it. */
export type PolicyVerdict = {
  readonly decision: Decision;
  /** The rule that decided, or `default-low`, `default-medium`, `default-high`. */
  readonly rule: string;
  /** Every rule that matched, also those that were outweighed. */
  readonly matched: readonly string[];
  /** What people must bring if this call is held; also given where it is not, as the tier's default. */
  readonly terms: HoldTerms;
  /** What rules in observe would have made of it, when that differs: recorded, without effect. */
  readonly observed: { readonly decision: Decision; readonly rule: string } | null;
};

type TierDefault = { readonly decision: Decision; readonly rule: string; readonly pendingTtlS: number };

const TIER_DEFAULTS: Readonly<Record<Tier, TierDefault>> = {
  low: { decision: 'allow', rule: 'default-low', pendingTtlS: 60 * 60 },
  medium: { decision: 'hold', rule: 'default-medium', pendingTtlS: 60 * 60 },
  high: { decision: 'hold', rule: 'default-high', pendingTtlS: 15 * 60 },
};
const APPROVED_TTL_S = 15 * 60;
const VOTE_TTL_S = 15 * 60;
const NO_DEFAULTS: PolicyDefaults = { undoHighS: 0, freesAllowed: false };
const UNREACHABLE_QUORUM = 2 ** 31 - 1;

/**
 * Decides a call: deny > hold > allow over all matching rules and the tier's default.
 *
 * The tier's default always takes part, so an allow rule cannot free what the tier holds. Of several hold rules the
 * largest quorum and the shortest waiting time apply. Assumes tier and class from the registry. Pass `compileRules` output
 * where decisions are frequent; a plain list is compiled on each call.
 */
export function decide(input: {
  readonly rules: readonly Rule[] | CompiledRules;
  readonly call: PolicyCall;
  readonly defaults?: PolicyDefaults | undefined;
}): PolicyVerdict {
  const compiled = 'kind' in input.rules ? input.rules : compileRules(input.rules);
  const found = matchingRules(compiled, input.call);
  const matched = found.map((rule) => rule.name);
  const fallback = TIER_DEFAULTS[input.call.tier];
  const { undoHighS } = input.defaults ?? NO_DEFAULTS;
  const terms: HoldTerms = {
    quorum: 1,
    factors: [],
    stepUp: 'none',
    pendingTtlS: fallback.pendingTtlS,
    approvedTtlS: APPROVED_TTL_S,
    voteTtlS: VOTE_TTL_S,
    undoS: input.call.tier === 'high' ? undoHighS : 0,
    escalation: [],
  };
  const base = { matched, terms, observed: null };

  const denying = found.find((rule) => rule.then === 'deny');
  if (denying !== undefined) return { ...base, decision: 'deny', rule: denying.name };

  const holding = found.filter((rule) => rule.then === 'hold');
  const strictest = strictestHold(holding);
  if (strictest !== null) {
    return {
      ...base,
      decision: 'hold',
      rule: strictest.name,
      terms: {
        ...terms,
        quorum: Math.max(...holding.map(quorumOf)),
        pendingTtlS: shortestWait(holding, fallback.pendingTtlS),
      },
    };
  }
  const allowing = found.find((rule) => rule.then === 'allow');
  if (fallback.decision === 'allow' && allowing !== undefined)
    return { ...base, decision: 'allow', rule: allowing.name };
  return { ...base, decision: fallback.decision, rule: fallback.rule };
}

/** The hold rule that asks for most people is the one to name; of equals the first. */
function strictestHold(holding: readonly Rule[]): Rule | null {
  let strictest: Rule | null = null;
  for (const rule of holding) if (strictest === null || quorumOf(rule) > quorumOf(strictest)) strictest = rule;
  return strictest;
}

/** A malformed quorum must not lower the bar: fractions round up, less than one is one, not a number is never met. */
function quorumOf(rule: Rule): number {
  const quorum = Math.ceil(rule.quorum ?? 1);
  return Number.isNaN(quorum) ? UNREACHABLE_QUORUM : Math.max(quorum, 1);
}

/** Rules override the tier's waiting time; nonsense (zero, negative, NaN) does not. */
function shortestWait(holding: readonly Rule[], fallbackS: number): number {
  const waits = holding.flatMap((rule) =>
    rule.expiresInS !== undefined && rule.expiresInS > 0 ? [rule.expiresInS] : [],
  );
  return waits.length > 0 ? Math.min(...waits) : fallbackS;
}
