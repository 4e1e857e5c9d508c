import { offerReauthentication } from '#lib/server/auth/reauthenticate-by-passkey.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = humanRoute({}, ({ deps, principal, request }) =>
  offerReauthentication(stepUpDeps(deps), principal, hostOf(request)),
);
