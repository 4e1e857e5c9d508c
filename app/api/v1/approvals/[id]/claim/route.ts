import { claimRequest } from '#lib/server/approvals/claim-request.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ params: idParams, roles: ['reviewer'] }, ({ deps, principal, params }) =>
  claimRequest(deps, principal, params.id),
);
