import { err, ok } from '#lib/core/result.ts';
import { viewGrant } from '#lib/server/grants/grant-view.ts';
import { revokeGrant } from '#lib/server/grants/revoke-grant.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, principal, params }) => {
  const grant = await viewGrant(deps.prisma, principal, params.id);
  return grant === null ? err({ code: 'not-found' }) : ok(grant);
});

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  revokeGrant(deps, principal, params.id),
);
