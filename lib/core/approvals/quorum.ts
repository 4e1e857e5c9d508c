import type { Factor, HoldTerms } from '../policies/rule.ts';
import { placesFilled } from './places.ts';
import { isReachable, totalOf } from './terms.ts';

/** One vote as it counts now; the caller has left out whoever may not vote (any more). */
export type SeatVote = {
  /** Who pressed the button. */
  readonly casterId: string;
  /** Whose place it fills: the delegator's, or the caster's own. */
  readonly seatId: string;
  /** One value per human being: the subject at the identity provider, or the person's id. */
  readonly humanKey: string;
  /** The groups of the seat. */
  readonly groups: readonly string[];
  readonly decision: 'approve' | 'deny';
  readonly castAtMs: number;
  /** A passkey assertion came with it. */
  readonly stepUp: boolean;
};

/** What the votes amount to now. */
export type QuorumVerdict = {
  readonly met: boolean;
  readonly denied: boolean;
  /** Distinct humans whose approval counts. */
  readonly approvals: number;
  /** Who cast them, sorted. */
  readonly approvers: readonly string[];
  /** Each factor with how many of its places are filled, no human filling two. */
  readonly factors: readonly (Factor & { readonly approved: number })[];
};

/**
 * Judges votes against the terms of a hold, at a time.
 *
 * One human counts once, one seat counts once, however many votes or accounts there are. With factors only members of a
 * factor's groups count, and one human fills one place. An approval ages after `voteTtlS`, counts not from the future,
 * and without a passkey not where the terms ask for one. Any deny denies and does not age. Terms that make no sense are
 * never met. Call it again at consumption: roles, groups and time move on.
 */
export function judgeQuorum(
  votes: readonly SeatVote[],
  terms: Pick<HoldTerms, 'quorum' | 'factors' | 'stepUp' | 'voteTtlS'>,
  at: { readonly nowMs: number; readonly escalatedGroups: readonly string[] },
): QuorumVerdict {
  const denied = votes.some((vote) => vote.decision === 'deny');
  const live = votes.filter((vote) => {
    const ageMs = at.nowMs - vote.castAtMs;
    return (
      vote.decision === 'approve' &&
      ageMs >= 0 &&
      ageMs < terms.voteTtlS * 1000 &&
      (terms.stepUp === 'none' || vote.stepUp)
    );
  });
  // Without groups of its own a factor stays unfilled, whoever is asked too: an empty set means nobody.
  const countsFor = (factor: Factor, groups: readonly string[]) =>
    factor.groups.length > 0 &&
    groups.some((group) => factor.groups.includes(group) || at.escalatedGroups.includes(group));
  const humans = [...distinctHumans(live)].filter(
    (human) => terms.factors.length === 0 || terms.factors.some((factor) => countsFor(factor, human.groups)),
  );
  const filled = placesFilled(
    terms.factors.map((factor) => factor.count),
    humans.length,
    (kind, person) => {
      const [factor, human] = [terms.factors[kind], humans[person]];
      return factor !== undefined && human !== undefined && countsFor(factor, human.groups);
    },
  );
  const factors = terms.factors.map((factor, kind) => ({ ...factor, approved: filled[kind] ?? 0 }));
  return {
    met:
      !denied &&
      isReachable(terms) &&
      humans.length >= totalOf(terms) &&
      factors.every((factor) => factor.approved === factor.count),
    denied,
    approvals: humans.length,
    approvers: humans.map((human) => human.casterId).sort(),
    factors,
  };
}

type Human = { readonly casterId: string; readonly groups: readonly string[] };

/**
 * One entry per human being, with the groups of every seat that is theirs to fill.
 *
 * A seat belongs to its owner's own vote if there is one, else to the earliest delegate, so a delegator and their delegate
 * never count as two for one seat. A delegate's own seat and a delegated one stay one human.
 */
function distinctHumans(live: readonly SeatVote[]): Iterable<Human> {
  const seats = new Map<string, SeatVote>();
  for (const vote of [...live].sort(byClaim)) if (!seats.has(vote.seatId)) seats.set(vote.seatId, vote);
  const humans = new Map<string, Human>();
  // Two accounts of one human share `humanKey`; two keys for one account would be a bug that must not count twice.
  const casters = new Map<string, string>();
  for (const vote of [...seats.values()].sort(byClaim)) {
    const key = casters.get(vote.casterId) ?? vote.humanKey;
    casters.set(vote.casterId, key);
    const known = humans.get(key);
    humans.set(key, { casterId: known?.casterId ?? vote.casterId, groups: [...(known?.groups ?? []), ...vote.groups] });
  }
  return humans.values();
}

function byClaim(a: SeatVote, b: SeatVote): number {
  const own = Number(b.casterId === b.seatId) - Number(a.casterId === a.seatId);
  if (own !== 0) return own;
  if (a.castAtMs !== b.castAtMs) return a.castAtMs - b.castAtMs;
  return `${a.casterId} ${a.seatId}` < `${b.casterId} ${b.seatId}` ? -1 : 1;
}
