// Server-only.
import type { Comparison, LintFinding } from '#lib/contracts/policies.ts';
import { comparePolicies, type PolicyWorld } from '#lib/core/policies/compare.ts';
import { lintRules } from '#lib/core/policies/lint.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { PolicyInForce } from './policy-rows.ts';

export type Judged = { readonly findings: readonly LintFinding[]; readonly comparison: Comparison };

/** What lint finds in the rules, and how they decide otherwise than the version they are to replace. */
export function judgeRules(before: PolicyInForce, after: readonly Rule[], world: PolicyWorld): Judged {
  return { findings: [...lintRules(after, world)], comparison: compareWith(before, after, world) };
}

/**
 * Compares by decisions. The older rules count with what they do today: a `frees` that two people never let in does
 * nothing, so a version which would bring it to life is seen to loosen.
 */
export function compareWith(before: PolicyInForce, after: readonly Rule[], world: PolicyWorld): Comparison {
  const defaults = { ...world.defaults, freesAllowed: before.freesAllowed };
  const { loosens, tightens, looser, stricter } = comparePolicies(before.rules, after, { ...world, defaults });
  return { loosens, tightens, looser: [...looser], stricter: [...stricter] };
}

/** Whether publishing is out of the question. */
export function hasErrors(findings: readonly LintFinding[]): boolean {
  return findings.some((finding) => finding.level === 'error');
}
