import {
  explicitFactors,
  MAX_FACTORS,
  mergedEscalation,
  mergedFactors,
  UNREACHABLE_QUORUM,
} from '../approvals/terms.ts';
import type { Tier } from '../risk/types.ts';
import type { Factor, HoldTerms, PolicyDefaults, Rule } from './rule.ts';

const PENDING_TTL_S: Readonly<Record<Tier, number>> = { low: 60 * 60, medium: 60 * 60, high: 15 * 60 };
const APPROVED_TTL_S = 15 * 60;
const VOTE_TTL_S = 15 * 60;

/** What a tier's hold asks for where no rule says otherwise. */
export function defaultTerms(tier: Tier, defaults: PolicyDefaults): HoldTerms {
  return {
    quorum: 1,
    factors: [],
    stepUp: 'none',
    pendingTtlS: PENDING_TTL_S[tier],
    approvedTtlS: APPROVED_TTL_S,
    voteTtlS: VOTE_TTL_S,
    undoS: tier === 'high' ? defaults.undoHighS : 0,
    escalation: [],
  };
}

/**
 * What several hold rules ask for together: of each part the strictest that any of them names.
 *
 * Factors are AND-ed; those over the same groups become one. A time that a rule names replaces the tier's default, also
 * by a longer one; of several the shortest applies, of undo windows the longest. Nonsense (zero, negative, not a number)
 * never lowers a bar: such a time is ignored, such a quorum rounds up or is never met.
 */
export function heldTerms(holding: readonly Rule[], fallback: HoldTerms): HoldTerms {
  const parts = holding.map(barOf);
  const factors = mergedFactors(parts.flatMap((part) => part.factors));
  const undo = holding.flatMap((rule) => (rule.undoS !== undefined && rule.undoS >= 0 ? [rule.undoS] : []));
  return {
    quorum: factors.length > MAX_FACTORS ? UNREACHABLE_QUORUM : Math.max(...parts.map((part) => part.quorum)),
    factors,
    stepUp: holding.some((rule) => rule.stepUp === 'passkey') ? 'passkey' : fallback.stepUp,
    pendingTtlS: shortest(holding, (rule) => rule.expiresInS, fallback.pendingTtlS),
    approvedTtlS: shortest(holding, (rule) => rule.approvedForS, fallback.approvedTtlS),
    voteTtlS: shortest(holding, (rule) => rule.voteTtlS, fallback.voteTtlS),
    undoS: undo.length > 0 ? Math.max(...undo) : fallback.undoS,
    escalation: mergedEscalation(
      holding.map((rule, index) => ({ factors: parts[index]?.factors ?? [], escalation: rule.escalate ?? [] })),
    ),
  };
}

/** How many people a hold rule asks for, and in which places. The quorum is never below the number of places. */
export function barOf(rule: Rule): { readonly quorum: number; readonly factors: readonly Factor[] } {
  const quorum = quorumOf(rule);
  const named = rule.from === undefined ? [] : [{ groups: rule.from, count: quorum }];
  const factors = [...named, ...(rule.factors ?? [])];
  // Members of no group, or no number of people: nobody fills that, and it must not be read as nobody being needed.
  if (!factors.every((factor) => factor.groups.length > 0 && Number.isInteger(factor.count) && factor.count >= 1)) {
    return { quorum: UNREACHABLE_QUORUM, factors: [] };
  }
  return explicitFactors({ quorum, factors });
}

/** The hold rule that asks for most people is the one to name; of equals the first. */
export function strictestHold(holding: readonly Rule[]): Rule | null {
  let strictest: { readonly rule: Rule; readonly quorum: number } | null = null;
  for (const rule of holding) {
    const { quorum } = barOf(rule);
    if (strictest === null || quorum > strictest.quorum) strictest = { rule, quorum };
  }
  return strictest?.rule ?? null;
}

/** A malformed quorum must not lower the bar: fractions round up, less than one is one, not a number is never met. */
function quorumOf(rule: Rule): number {
  const quorum = Math.ceil(rule.quorum ?? 1);
  return Number.isNaN(quorum) ? UNREACHABLE_QUORUM : Math.min(Math.max(quorum, 1), UNREACHABLE_QUORUM);
}

function shortest(holding: readonly Rule[], of: (rule: Rule) => number | undefined, fallbackS: number): number {
  const named = holding.flatMap((rule) => {
    const seconds = of(rule);
    return seconds !== undefined && seconds > 0 ? [seconds] : [];
  });
  return named.length > 0 ? Math.min(...named) : fallbackS;
}
