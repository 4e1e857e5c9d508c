import type { EscalationStep, Factor, HoldTerms } from '../policies/rule.ts';
import { placesFilled } from './places.ts';

/** A quorum that no installation can bring together: what a malformed rule asks for. Fits the database's integer. */
export const UNREACHABLE_QUORUM = 2 ** 31 - 1;
/** How many factors a hold may have; the database counts them by subsets. Beyond it the hold cannot be met. */
export const MAX_FACTORS = 8;

/** What of a hold's terms people must bring. */
export type Bar = Pick<HoldTerms, 'quorum' | 'factors' | 'stepUp'>;

/**
 * The least terms that are at least as strict as both, part by part: whoever meets them meets either.
 *
 * The order of the two does not matter, and terms with themselves ask for the same. An escalation lets further groups fill
 * factors, so it survives only as far as neither side is loosened by it.
 */
export function stricterTerms(a: HoldTerms, b: HoldTerms): HoldTerms {
  const sides = [explicitFactors(a), explicitFactors(b)];
  const factors = mergedFactors(sides.flatMap((side) => side.factors));
  return {
    quorum: factors.length > MAX_FACTORS ? UNREACHABLE_QUORUM : Math.max(...sides.map((side) => side.quorum)),
    factors,
    stepUp: a.stepUp === 'passkey' || b.stepUp === 'passkey' ? 'passkey' : 'none',
    pendingTtlS: Math.min(a.pendingTtlS, b.pendingTtlS),
    approvedTtlS: Math.min(a.approvedTtlS, b.approvedTtlS),
    voteTtlS: Math.min(a.voteTtlS, b.voteTtlS),
    undoS: Math.max(a.undoS, b.undoS),
    escalation: mergedEscalation([a, b]),
  };
}

/**
 * The same bar with as many places as its quorum: where factors ask for fewer people, the rest must be members of any.
 *
 * That is what a quorum beside factors means (only members count); written out as places it survives being merged with
 * other groups, which would widen it otherwise.
 */
export function explicitFactors(bar: Pick<Bar, 'quorum' | 'factors'>): Pick<Bar, 'quorum' | 'factors'> {
  if (bar.factors.length === 0) return { quorum: bar.quorum, factors: [] };
  const summed = summedFactors(bar.factors);
  const places = sumOf(summed);
  const rest = bar.quorum - places;
  if (!(rest > 0) || bar.quorum >= UNREACHABLE_QUORUM) {
    return { quorum: Math.max(bar.quorum, places), factors: summed };
  }
  const all = [...new Set(summed.flatMap((factor) => factor.groups))].sort();
  return { quorum: bar.quorum, factors: summedFactors([...summed, { groups: all, count: rest }]) };
}

/** Factors over the same groups become one that asks for all their places: so they mean it within one bar. */
function summedFactors(factors: readonly Factor[]): readonly Factor[] {
  const summed = new Map<string, Factor>();
  for (const factor of factors) {
    const groups = [...new Set(factor.groups)].sort();
    const key = JSON.stringify(groups);
    summed.set(key, { groups, count: factor.count + (summed.get(key)?.count ?? 0) });
  }
  return [...summed.values()];
}

/** Factors of different bars over the same groups become one with the larger count; groups and factors come in a fixed order. */
export function mergedFactors(factors: readonly Factor[]): readonly Factor[] {
  const merged = new Map<string, Factor>();
  for (const factor of factors) {
    const groups = [...new Set(factor.groups)].sort();
    const key = JSON.stringify(groups);
    const known = merged.get(key);
    // Written so that a count that is not a number survives: `judgeQuorum` never fills it.
    if (known === undefined || !(known.count >= factor.count)) merged.set(key, { groups, count: factor.count });
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, factor]) => factor);
}

/**
 * Whether whatever meets `have` also meets `need`, among the same people.
 *
 * Errs on the side of no: it compares groups by name, and a factor of `have` answers for one of `need` only if all of its
 * groups are among the other's.
 */
export function satisfiesTerms(have: Bar, need: Bar): boolean {
  if (need.stepUp === 'passkey' && have.stepUp !== 'passkey') return false;
  if (!isReachable(need)) return false;
  const needed = totalOf(need);
  if (need.factors.length === 0) return totalOf(have) >= needed;
  const within = (factor: Factor, groups: readonly string[]) => factor.groups.every((group) => groups.includes(group));
  const all = need.factors.flatMap((factor) => factor.groups);
  const inside = have.factors.filter((factor) => within(factor, all));
  const everybodyCounts = have.factors.length > 0 && inside.length === have.factors.length;
  const counting = everybodyCounts ? totalOf(have) : sumOf(inside);
  if (counting < needed) return false;
  // Each of have's places is a person who may take one of need's: a matching, because no person takes two.
  const people = inside.flatMap((factor) => Array.from({ length: Math.min(factor.count, needed) }, () => factor));
  const filled = placesFilled(
    need.factors.map((factor) => factor.count),
    people.length,
    (place, person) => {
      const [wanted, offered] = [need.factors[place], people[person]];
      return wanted !== undefined && offered !== undefined && within(offered, wanted.groups);
    },
  );
  return need.factors.every((factor, place) => filled[place] === factor.count);
}

/** Whether terms can be met at all: everything countable, no factor without groups. */
export function isReachable(terms: Bar): boolean {
  return (
    isCount(terms.quorum) &&
    terms.quorum < UNREACHABLE_QUORUM &&
    terms.factors.length <= MAX_FACTORS &&
    terms.factors.every((factor) => isCount(factor.count) && factor.groups.length > 0)
  );
}

/** How many distinct humans terms ask for: the quorum, or the places of all factors if those are more. */
export function totalOf(terms: Pick<Bar, 'quorum' | 'factors'>): number {
  return Math.max(terms.quorum, sumOf(terms.factors));
}

function sumOf(factors: readonly Factor[]): number {
  return factors.reduce((sum, factor) => sum + factor.count, 0);
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1;
}

/**
 * When which groups are asked too, for several bars that all must be met.
 *
 * A bar without factors lets everybody count, so it neither needs an escalation nor may bring its own to the factors of
 * another. Of those with factors all must agree on a group, at the latest of their times. Where no bar has factors nobody's
 * vote depends on it: it only says who is asked, and the earliest time is the best.
 */
export function mergedEscalation(
  bars: readonly Pick<HoldTerms, 'factors' | 'escalation'>[],
): readonly EscalationStep[] {
  const strict = bars.filter((bar) => bar.factors.length > 0).map((bar) => timesOf(bar.escalation));
  const [first, ...others] = strict;
  if (first === undefined) return ordered(timesOf(bars.flatMap((bar) => bar.escalation)));
  for (const [group, afterS] of first) {
    const times = others.map((other) => other.get(group));
    if (times.includes(undefined)) first.delete(group);
    else first.set(group, Math.max(afterS, ...times.filter((time) => time !== undefined)));
  }
  return ordered(first);
}

/** When each group is first asked. */
function timesOf(steps: readonly EscalationStep[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const step of steps) {
    for (const group of step.groups) times.set(group, Math.min(step.afterS, times.get(group) ?? step.afterS));
  }
  return times;
}

/** One step a time, in order; the groups of a step sorted. */
function ordered(times: ReadonlyMap<string, number>): readonly EscalationStep[] {
  const groups = new Map<number, string[]>();
  for (const [group, afterS] of times) groups.set(afterS, [...(groups.get(afterS) ?? []), group]);
  return [...groups].sort(([a], [b]) => a - b).map(([afterS, asked]) => ({ afterS, groups: asked.sort() }));
}
