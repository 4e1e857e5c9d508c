import { ssoStartSchema } from '#lib/contracts/sso-start.ts';
import { publicRoute } from '#lib/web/route.ts';
import { startSso } from '#lib/web/sso-answer.ts';

export const POST = publicRoute({ body: ssoStartSchema }, ({ deps, request, address, body }) =>
  startSso(deps, { request, address, next: body.next, stepUp: null }),
);
