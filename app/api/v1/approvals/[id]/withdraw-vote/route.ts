import { requestActionSchema } from '#lib/contracts/approvals.ts';
import { withdrawVote } from '#lib/server/approvals/withdraw-vote.ts';
import { idParams } from '#lib/web/id-params.ts';
import { keyedAnswer } from '#lib/web/keyed-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

// No role here: who has lost the role may still take back what they said.
export const POST = humanRoute(
  { params: idParams, body: requestActionSchema },
  ({ deps, principal, params, body, request }) => {
    const withdraw = { ...body, requestId: params.id };
    return keyedAnswer(deps, principal, request, { withdraw }, () => withdrawVote(deps, principal, withdraw));
  },
);
