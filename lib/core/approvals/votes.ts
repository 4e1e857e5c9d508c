import { err, ok, type Result } from '../result.ts';

/** Who wants to vote. `id` is the stable person id, never a name or an address. */
export type Voter = { readonly id: string; readonly roles: readonly string[] };

/** The people a request is bound to and who therefore may not decide it. */
export type VotableRequest = { readonly ownerId: string; readonly onBehalfOfHumanId?: string | null | undefined };

/**
 * Whether a human may vote on a request.
 *
 * Refuses whoever does not hold reviewer, the owner of the agent and the human the agent acts for. In a solo install the
 * one reviewer may decide their own agents' calls; nothing else about them is relaxed.
 */
export function mayVote(input: {
  readonly voter: Voter;
  readonly request: VotableRequest;
  readonly solo: boolean;
}): Result<true, { readonly code: 'not-allowed' | 'self-approval' }> {
  const { voter, request, solo } = input;
  if (!voter.roles.includes('reviewer')) return err({ code: 'not-allowed' });
  const own = voter.id === request.ownerId || voter.id === (request.onBehalfOfHumanId ?? null);
  return own && !solo ? err({ code: 'self-approval' }) : ok(true);
}

/** One vote; times in milliseconds of the database's clock. */
export type CastVote = {
  readonly humanId: string;
  readonly decision: 'approve' | 'deny';
  readonly castAt: number;
};

/** What the votes amount to now. */
export type Tally = { readonly approvals: number; readonly approvers: readonly string[]; readonly denied: boolean };

const DEFAULT_VOTE_TTL_S = 900;

/**
 * Counts distinct eligible humans who approve, now.
 *
 * A deny of an eligible human beats every approval and does not age; an approval ages after `voteTtlS`, and one that
 * claims to be cast later than now is not counted. Call it again at consumption: roles and time move on.
 */
export function countQuorum(
  votes: readonly CastVote[],
  at: {
    readonly now: number;
    readonly voteTtlS?: number;
    readonly eligible: (humanId: string) => boolean;
  },
): Tally {
  const ttlMs = (at.voteTtlS ?? DEFAULT_VOTE_TTL_S) * 1000;
  const approvers = new Set<string>();
  let denied = false;
  for (const vote of votes) {
    if (!at.eligible(vote.humanId)) continue;
    switch (vote.decision) {
      case 'deny':
        denied = true;
        break;
      case 'approve': {
        const age = at.now - vote.castAt;
        if (age >= 0 && age < ttlMs) approvers.add(vote.humanId);
        break;
      }
    }
  }
  return { approvals: approvers.size, approvers: [...approvers].sort(), denied };
}

/** Whether a tally approves: enough distinct humans, nobody against. A quorum that is not a positive integer is never met. */
export function quorumMet(tally: Tally, quorum: number): boolean {
  return Number.isInteger(quorum) && quorum >= 1 && !tally.denied && tally.approvals >= quorum;
}
