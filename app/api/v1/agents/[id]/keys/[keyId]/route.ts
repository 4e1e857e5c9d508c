import { idSchema, namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { revokeKey } from '#lib/server/agents/public-keys.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute(
  { roles: ['admin', 'security'], params: namedParamsSchema.extend({ keyId: idSchema }) },
  ({ deps, principal, params }) => revokeKey(deps, principal, params.id, params.keyId),
);
