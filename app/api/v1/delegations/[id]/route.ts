import { revokeDelegation } from '#lib/server/delegations/revoke-delegation.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  revokeDelegation(deps, principal, params.id),
);
