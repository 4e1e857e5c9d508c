import { batchBodySchema } from '#lib/contracts/approvals.ts';
import { voteOnMany } from '#lib/server/approvals/vote-on-many.ts';
import { keyedAnswer } from '#lib/web/keyed-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: batchBodySchema, roles: ['reviewer'] }, ({ deps, principal, body, request }) =>
  keyedAnswer(deps, principal, request, { batch: body }, () => voteOnMany(deps, principal, body)),
);
