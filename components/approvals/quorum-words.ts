import type { ApprovalDetail } from '#lib/contracts/approvals.ts';
import type { EscalationStep } from '#lib/core/policies/rule.ts';
import { either } from '#lib/core/policies/words.ts';

type Terms = ApprovalDetail['terms'];

/** What each named group still has to bring: `security missing`, `2 more of ops missing`. Empty when none is. */
export function missingFactors(factors: Terms['factors']): readonly string[] {
  return factors.flatMap((factor) => {
    const missing = factor.count - factor.approved;
    if (missing <= 0) return [];
    const who = either(factor.groups);
    return [missing === 1 ? `${who} missing` : `${missing} more of ${who} missing`];
  });
}

/** Who is asked next and when, by itself; null when nobody is. */
export function nextStep(terms: Terms): { readonly groups: string; readonly at: string | null } | null {
  const step: EscalationStep | undefined = terms.escalation[terms.escalationStep];
  return step === undefined ? null : { groups: either(step.groups), at: terms.escalateAt };
}

/** Groups that were asked by now beyond the first. */
export function askedByNow(terms: Terms): readonly string[] {
  return terms.escalation.slice(0, terms.escalationStep).map((step) => either(step.groups));
}
