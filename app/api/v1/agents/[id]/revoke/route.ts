import { agentRevokeSchema } from '#lib/contracts/agents.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { revokeAgent } from '#lib/server/agents/revoke-agent.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: namedParamsSchema, body: agentRevokeSchema },
  ({ deps, principal, params, body }) => revokeAgent(deps, principal, params.id, body.reason),
);
