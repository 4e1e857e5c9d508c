import { z } from 'zod';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { removeEgressEntry } from '#lib/server/egress/remove-entry.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute(
  { roles: ['admin'], params: z.object({ id: idSchema }) },
  ({ deps, principal, params }) => removeEgressEntry(deps, principal, params.id),
);
