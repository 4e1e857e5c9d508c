import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { err, ok } from '#lib/core/result.ts';
import { readSessions } from '#lib/server/agents/agent-sessions.ts';
import { findAgent } from '#lib/server/agents/find-agent.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: namedParamsSchema }, async ({ deps, params }) => {
  const agent = await findAgent(deps.prisma, params.id);
  if (agent === null) return err({ code: 'not-found' });
  return ok({ items: await readSessions(deps.prisma, agent), nextCursor: null });
});
