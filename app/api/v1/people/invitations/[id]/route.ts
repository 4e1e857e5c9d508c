import { withdrawInvitation } from '#lib/server/people/withdraw-invitation.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ roles: ['admin'], params: idParams }, ({ deps, principal, params }) =>
  withdrawInvitation(deps, principal, params.id),
);
