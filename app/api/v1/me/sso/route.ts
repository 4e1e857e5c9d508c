import { ssoStartSchema } from '#lib/contracts/sso-start.ts';
import { humanRoute } from '#lib/web/route.ts';
import { startSso } from '#lib/web/sso-answer.ts';

export const POST = humanRoute({ body: ssoStartSchema }, ({ deps, request, address, body, principal }) =>
  startSso(deps, { request, address, next: body.next, stepUp: principal }),
);
