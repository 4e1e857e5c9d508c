import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { err, ok } from '#lib/core/result.ts';
import { readUsage } from '#lib/server/agents/agent-usage.ts';
import { findAgent } from '#lib/server/agents/find-agent.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: namedParamsSchema }, async ({ deps, params }) => {
  const agent = await findAgent(deps.prisma, params.id);
  return agent === null ? err({ code: 'not-found' }) : ok(await readUsage(deps.prisma, agent));
});
