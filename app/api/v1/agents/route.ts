import { agentCreateSchema } from '#lib/contracts/agents.ts';
import { listQuerySchema } from '#lib/contracts/shared-shapes.ts';
import { ok } from '#lib/core/result.ts';
import { createAgent } from '#lib/server/agents/create-agent.ts';
import { listAgents } from '#lib/server/agents/list-agents.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: listQuerySchema }, async ({ deps, query }) =>
  ok(await listAgents(deps.prisma, query)),
);
export const POST = humanRoute(
  { roles: ['admin'], body: agentCreateSchema, status: 201 },
  ({ deps, principal, body }) => createAgent(deps, principal, body),
);
