import { cliLoginCodeSchema } from '#lib/contracts/sessions.ts';
import { describeCliLogin } from '#lib/server/auth/cli-login.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: cliLoginCodeSchema }, ({ deps, principal, body }) =>
  describeCliLogin(deps, principal, body.code),
);
