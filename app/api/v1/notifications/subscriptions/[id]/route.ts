import { unsubscribe } from '#lib/server/notifications/subscriptions.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  unsubscribe(deps, principal, params.id),
);
