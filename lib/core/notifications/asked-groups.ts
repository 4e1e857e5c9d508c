import type { EscalationStep, Factor } from '../policies/rule.ts';

/** A request that any reviewer may decide asks this one. */
export const ANY_REVIEWER = '*';

/** A group that a request asks, and how many of its members' votes it wants. */
export type Asked = { readonly group: string; readonly wanted: number };

/** The groups that a request asks when it is opened. In factors over several groups each is asked for all the places. */
export function askedAtFirst(factors: readonly Factor[], quorum: number): readonly Asked[] {
  if (factors.length === 0) return [{ group: ANY_REVIEWER, wanted: Math.max(1, quorum) }];
  const wanted = new Map<string, number>();
  for (const factor of factors) {
    for (const group of factor.groups) wanted.set(group, Math.max(wanted.get(group) ?? 0, factor.count));
  }
  return [...wanted].map(([group, count]) => ({ group, wanted: Math.max(1, count) }));
}

/** The groups that the nth step of an escalation adds (1 = the first). */
export function askedByStep(escalation: readonly EscalationStep[], step: number): readonly Asked[] {
  return [...new Set(escalation[step - 1]?.groups ?? [])].map((group) => ({ group, wanted: 1 }));
}
