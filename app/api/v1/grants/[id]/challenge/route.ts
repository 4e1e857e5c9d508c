import { grantVoteChallengeSchema } from '#lib/contracts/passkeys.ts';
import { challengeGrantVote } from '#lib/server/passkeys/challenge-vote.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = humanRoute(
  { params: idParams, body: grantVoteChallengeSchema, roles: ['reviewer'] },
  ({ deps, principal, params, body, request }) =>
    challengeGrantVote(stepUpDeps(deps), principal, { ...body, id: params.id, host: hostOf(request) }),
);
