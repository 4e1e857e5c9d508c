import { grantVoteSchema } from '#lib/contracts/grants.ts';
import { voteGrant } from '#lib/server/grants/vote-grant.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';
import { stepUpDeps } from '#lib/web/step-up.ts';

// No role here: a vote by somebody who may not vote is refused inside, where the refusal is audited.
export const POST = humanRoute({ params: idParams, body: grantVoteSchema }, ({ deps, principal, params, body }) =>
  voteGrant(stepUpDeps(deps), principal, { ...body, grantId: params.id }),
);
