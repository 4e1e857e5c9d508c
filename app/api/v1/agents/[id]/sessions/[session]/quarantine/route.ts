import { quarantineSchema, sessionParamsSchema } from '#lib/contracts/agents.ts';
import { quarantineSession } from '#lib/server/agents/quarantine-session.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: sessionParamsSchema, body: quarantineSchema },
  ({ deps, principal, params, body }) =>
    quarantineSession(deps, principal, params.id, { session: params.session, reason: body.reason }),
);
