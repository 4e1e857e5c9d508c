import { resendDelivery } from '#lib/server/notifications/deliveries.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin', 'security'], params: idParams }, ({ deps, principal, params }) =>
  resendDelivery(deps, principal, params.id),
);
