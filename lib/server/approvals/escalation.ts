// Server-only. Which groups count since a request was escalated.
import type { EscalationStep, HoldTerms } from '#lib/core/policies/rule.ts';

/**
 * The groups that an escalation may let count under these terms; null = all of the steps taken. A policy that has since
 * taken a step back must not be outvoted by the groups it no longer asks.
 */
export function escalatableGroups(terms: HoldTerms): readonly string[] | null {
  if (terms.factors.length === 0) return null;
  return [...new Set(terms.escalation.flatMap((step) => step.groups))];
}

export type EscalationFacts = {
  readonly now: Date;
  readonly requestedAt: Date;
  readonly frozen: readonly EscalationStep[];
  readonly stepsTaken: number;
};

/**
 * Why somebody in these groups may not take the next step now; null when they may.
 *
 * Before a step's time it takes somebody whose own vote counts already: who could admit their own group would decide alone
 * what was held for others. Where there are no factors everybody counts. Without a next step there is nothing to bar.
 */
export function escalationBar(at: EscalationFacts, terms: HoldTerms, groups: readonly string[]): string | null {
  const step = at.frozen[at.stepsTaken];
  if (step === undefined || terms.factors.length === 0) return null;
  if (at.requestedAt.getTime() + step.afterS * 1000 <= at.now.getTime()) return null;
  const asked = terms.factors.flatMap((factor) => factor.groups);
  const counting = [...new Set([...asked, ...escalatedGroups(at.frozen, at.stepsTaken, terms)])];
  if (groups.some((group) => counting.includes(group))) return null;
  return `Only somebody in ${counting.join(' or ')} may ask further people before it is time.`;
}

/** The groups that count for every factor now: of the steps taken, those that the terms of now still ask. */
export function escalatedGroups(
  frozen: readonly EscalationStep[],
  stepsTaken: number,
  terms: HoldTerms,
): readonly string[] {
  const taken = frozen.slice(0, stepsTaken).flatMap((step) => step.groups);
  const allowed = escalatableGroups(terms);
  return allowed === null ? taken : taken.filter((group) => allowed.includes(group));
}
