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
 * Compares by decisions. A `frees` that two people never let in has no effect today: it is taken out of the older rules,
 * so that a version which would bring it to life is seen to loosen.
 */
export function compareWith(before: PolicyInForce, after: readonly Rule[], world: PolicyWorld): Comparison {
  const effective = before.freesAllowed ? before.rules : before.rules.map(withoutFrees);
  const { loosens, tightens, looser, stricter } = comparePolicies(effective, after, world);
  return { loosens, tightens, looser: [...looser], stricter: [...stricter] };
}

/** Whether publishing is out of the question. */
export function hasErrors(findings: readonly LintFinding[]): boolean {
  return findings.some((finding) => finding.level === 'error');
}

function withoutFrees(rule: Rule): Rule {
  const { frees: _, ...rest } = rule;
  return rest;
}
