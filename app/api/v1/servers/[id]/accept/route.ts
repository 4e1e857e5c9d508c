import { acceptBodySchema } from '#lib/contracts/servers.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { acceptTools } from '#lib/server/servers/accept-tools.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: acceptBodySchema },
  ({ deps, principal, params, body }) => acceptTools(deps, principal, params.id, body.tools),
);
