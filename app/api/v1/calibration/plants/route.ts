import { plantBodySchema } from '#lib/contracts/calibration.ts';
import { plantSoon } from '#lib/server/calibration/plan-plants.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['security', 'admin'], body: plantBodySchema, status: 201 },
  ({ deps, principal, body }) => plantSoon(deps, principal, body.withinMinutes),
);
