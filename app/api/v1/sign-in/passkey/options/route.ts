import { offerSignIn } from '#lib/server/passkeys/offer-sign-in.ts';
import { publicRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = publicRoute({}, ({ deps, request, address }) =>
  offerSignIn(stepUpDeps(deps), { address, host: hostOf(request) }),
);
