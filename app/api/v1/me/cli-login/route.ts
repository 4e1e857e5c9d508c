import { cliLoginDecisionSchema } from '#lib/contracts/sessions.ts';
import { decideCliLogin } from '#lib/server/auth/cli-login.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: cliLoginDecisionSchema }, ({ deps, principal, body }) =>
  decideCliLogin(deps, principal, body),
);
