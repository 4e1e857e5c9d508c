import { z } from 'zod';
import { egressAllowSchema } from '#lib/contracts/egress-input.ts';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { allowAttempt } from '#lib/server/egress/allow-attempt.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: z.object({ id: idSchema }), body: egressAllowSchema, status: 201 },
  ({ deps, principal, params, body }) => allowAttempt(deps, principal, params.id, body),
);
