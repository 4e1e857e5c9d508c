import { grantCreateSchema, grantsQuerySchema } from '#lib/contracts/grants.ts';
import { listGrants } from '#lib/server/grants/list-grants.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: grantsQuerySchema }, ({ deps, principal, query }) =>
  listGrants(deps, principal, query),
);

export const POST = humanRoute(
  { roles: ['reviewer', 'admin'], body: grantCreateSchema, status: 201 },
  ({ deps, principal, body }) => proposeGrant(deps, principal, body),
);
