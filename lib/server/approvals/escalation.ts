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
