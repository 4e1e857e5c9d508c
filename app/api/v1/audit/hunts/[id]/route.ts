import { huntRenameSchema } from '#lib/contracts/hunts.ts';
import { forgetHunt, renameHunt } from '#lib/server/audit/hunts.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: AUDIT_READERS, params: idParams, body: huntRenameSchema },
  ({ deps, principal, params, body }) => renameHunt(deps, principal, params.id, body),
);

export const DELETE = humanRoute({ roles: AUDIT_READERS, params: idParams }, ({ deps, principal, params }) =>
  forgetHunt(deps, principal, params.id),
);
