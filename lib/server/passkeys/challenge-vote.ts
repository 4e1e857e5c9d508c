// Server-only. Challenges over votes: on a request, and on a grant.
import type { Refusal } from '#lib/contracts/problems.ts';
import { voteSubject } from '#lib/core/approvals/step-up.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, type Result } from '#lib/core/result.ts';
import { type OfferedStepUp, offerStepUp } from './offer-step-up.ts';
import type { StepUpDeps } from './verify-assertion.ts';

export type GrantVoteChallengeInput = {
  readonly id: string;
  readonly decision: 'approve' | 'deny';
  /** The one that was on the screen. */
  readonly digest: string;
  readonly host: string | null;
};
export type VoteChallengeInput = GrantVoteChallengeInput & {
  readonly forPersonId?: string | undefined;
  readonly breakGlass?: boolean | undefined;
};

/**
 * Offers a challenge over a vote on a request. Refuses a digest that is not the request's: nobody is asked to sign what is
 * no longer there. Whether the person may vote is judged with the vote, where the refusal is recorded.
 */
export async function challengeVote(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: VoteChallengeInput,
): Promise<Result<OfferedStepUp, Refusal>> {
  const row = await deps.prisma.approvalRequest.findUnique({ where: { id: input.id }, select: { digest: true } });
  return offer(deps, principal, { ...input, purpose: 'vote', current: row?.digest ?? null });
}

/** The same for a vote on a grant. */
export async function challengeGrantVote(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: GrantVoteChallengeInput,
): Promise<Result<OfferedStepUp, Refusal>> {
  const row = await deps.prisma.grant.findUnique({ where: { id: input.id }, select: { digest: true } });
  return offer(deps, principal, { ...input, purpose: 'grant-vote', current: row?.digest ?? null });
}

async function offer(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: VoteChallengeInput & { readonly purpose: 'vote' | 'grant-vote'; readonly current: string | null },
): Promise<Result<OfferedStepUp, Refusal>> {
  const { id, decision, digest, purpose, host, forPersonId, breakGlass } = input;
  if (input.current === null) return err({ code: 'not-found' });
  if (input.current !== digest) return err({ code: 'stale-digest' });
  const subject = voteSubject({ id, decision, digest, forPersonId, breakGlass });
  return offerStepUp(deps, principal, { purpose, subject, host });
}
