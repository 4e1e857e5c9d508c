import { personPatchSchema } from '#lib/contracts/people.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: ['admin'], params: idParams, body: personPatchSchema },
  ({ deps, principal, params, body }) => changePerson(deps, principal, params.id, body),
);
