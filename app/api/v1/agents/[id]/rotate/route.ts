import { agentRotateSchema } from '#lib/contracts/agents.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { rotateAgent } from '#lib/server/agents/rotate-agent.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: agentRotateSchema },
  ({ deps, principal, params, body }) => rotateAgent(deps, principal, params.id, body),
);
