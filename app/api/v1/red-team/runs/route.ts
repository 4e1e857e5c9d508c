import { redTeamRunsQuerySchema } from '#lib/contracts/red-team.ts';
import { ok } from '#lib/core/result.ts';
import { askForRun } from '#lib/server/red-team/ask-for-run.ts';
import { listRuns } from '#lib/server/red-team/read-red-team.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: redTeamRunsQuerySchema }, async ({ deps, query }) =>
  ok(await listRuns(deps.prisma, query.cursor)),
);

export const POST = humanRoute({ roles: ['security', 'admin'], status: 201 }, ({ deps, principal }) =>
  askForRun(deps, principal),
);
