import { quarantineSchema, sessionParamsSchema } from '#lib/contracts/agents.ts';
import { liftQuarantine } from '#lib/server/agents/quarantine-session.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: sessionParamsSchema, body: quarantineSchema },
  ({ deps, principal, params, body }) =>
    liftQuarantine(deps, principal, params.id, { session: params.session, reason: body.reason }),
);
