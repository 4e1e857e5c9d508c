import { testChannel } from '#lib/server/notifications/test-channel.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin'], params: idParams }, ({ deps, principal, params }) =>
  testChannel({ ...deps, consoleUrl: deps.env.consoleUrl }, principal, params.id),
);
