import { requestActionSchema } from '#lib/contracts/approvals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { idParams } from '#lib/web/id-params.ts';
import { keyedAnswer } from '#lib/web/keyed-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: requestActionSchema, roles: ['reviewer'] },
  ({ deps, principal, params, body, request }) => {
    const veto = { ...body, requestId: params.id, decision: 'deny' as const };
    return keyedAnswer(deps, principal, request, { veto }, () => castVote(deps, principal, veto, 'veto'));
  },
);
