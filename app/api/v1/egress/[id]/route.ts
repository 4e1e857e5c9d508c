import { z } from 'zod';
import { egressPatchSchema } from '#lib/contracts/egress-input.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { changeEgressEntry } from '#lib/server/egress/change-entry.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import { humanRoute } from '#lib/web/route.ts';

const params = z.object({ id: idSchema });

export const PATCH = humanRoute(
  { roles: ['admin'], params, body: egressPatchSchema },
  ({ deps, principal, params, body }) => changeEgressEntry(deps, principal, params.id, body),
);
export const DELETE = humanRoute({ roles: ['admin'], params }, ({ deps, principal, params }) =>
  removeEgressEntry(deps, principal, params.id),
);
