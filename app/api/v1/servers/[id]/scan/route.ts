import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin'], params: namedParamsSchema }, ({ deps, principal, params }) =>
  scanServer(deps, principal, params.id),
);
