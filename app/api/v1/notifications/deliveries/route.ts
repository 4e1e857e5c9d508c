import { deliveriesQuerySchema } from '#lib/contracts/notifications.ts';
import { ok } from '#lib/core/result.ts';
import { listDeliveries } from '#lib/server/notifications/deliveries.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: ['admin', 'security'], query: deliveriesQuerySchema }, async ({ deps, query }) =>
  ok(await listDeliveries(deps.prisma, query)),
);
