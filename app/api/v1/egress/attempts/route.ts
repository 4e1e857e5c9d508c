import { egressAttemptsQuerySchema } from '#lib/contracts/egress-attempts.ts';
import { ok } from '#lib/core/result.ts';
import { listAttempts } from '#lib/server/egress/list-attempts.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: egressAttemptsQuerySchema }, async ({ deps, query }) =>
  ok(await listAttempts(deps.prisma, query)),
);
