import { statisticsQuerySchema } from '#lib/contracts/overview.ts';
import { ok } from '#lib/core/result.ts';
import { readStatistics } from '#lib/server/overview/read-statistics.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: statisticsQuerySchema }, async ({ deps, principal, query }) =>
  ok(await readStatistics(deps.prisma, principal, query.range)),
);
