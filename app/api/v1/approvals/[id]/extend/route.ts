import { requestActionSchema } from '#lib/contracts/approvals.ts';
import { extendRequest } from '#lib/server/approvals/extend-request.ts';
import { idParams } from '#lib/web/id-params.ts';
import { keyedAnswer } from '#lib/web/keyed-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: requestActionSchema, roles: ['reviewer'] },
  ({ deps, principal, params, body, request }) => {
    const extend = { ...body, requestId: params.id };
    return keyedAnswer(deps, principal, request, { extend }, () => extendRequest(deps, principal, extend));
  },
);
