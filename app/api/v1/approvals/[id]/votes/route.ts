import { voteBodySchema } from '#lib/contracts/approvals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { idParams } from '#lib/web/id-params.ts';
import { keyedAnswer } from '#lib/web/keyed-answer.ts';
import { humanRoute } from '#lib/web/route.ts';
import { stepUpDeps } from '#lib/web/step-up.ts';

// No role here: a vote by somebody who may not vote is refused inside, where the refusal is audited.
export const POST = humanRoute(
  { params: idParams, body: voteBodySchema },
  ({ deps, principal, params, body, request }) => {
    const vote = { ...body, requestId: params.id };
    return keyedAnswer(deps, principal, request, { ...vote, reason: body.reason ?? null }, () =>
      castVote(stepUpDeps(deps), principal, vote),
    );
  },
);
