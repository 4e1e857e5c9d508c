import { breakGlassTermsSchema } from '#lib/contracts/exceptions.ts';
import { challengeBreakGlass } from '#lib/server/break-glass/open-break-glass.ts';
import { humanRoute } from '#lib/web/route.ts';
import { hostOf, stepUpDeps } from '#lib/web/step-up.ts';

export const POST = humanRoute({ body: breakGlassTermsSchema }, ({ deps, principal, body, request }) =>
  challengeBreakGlass(stepUpDeps(deps), principal, { ...body, host: hostOf(request) }),
);
