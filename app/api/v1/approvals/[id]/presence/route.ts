import { lookAt } from '#lib/server/approvals/presence.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  lookAt(deps, principal, params.id),
);
