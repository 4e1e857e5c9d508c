import { agentPatchSchema } from '#lib/contracts/agents.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { err, ok } from '#lib/core/result.ts';
import { changeAgent } from '#lib/server/agents/change-agent.ts';
import { readAgent } from '#lib/server/agents/list-agents.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: namedParamsSchema }, async ({ deps, params }) => {
  const agent = await readAgent(deps.prisma, params.id, deps.env.gatewayUrl);
  return agent === null ? err({ code: 'not-found' }) : ok(agent);
});
export const PATCH = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: agentPatchSchema },
  ({ deps, principal, params, body }) => changeAgent(deps, principal, params.id, body),
);
