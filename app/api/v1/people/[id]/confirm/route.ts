import { confirmPerson } from '#lib/server/people/confirm-person.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin', 'security'], params: idParams }, ({ deps, principal, params }) =>
  confirmPerson(deps, principal, params.id),
);
