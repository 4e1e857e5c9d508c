import { idSchema, namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { revokeToken } from '#lib/server/agents/revoke-token.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute(
  { roles: ['admin'], params: namedParamsSchema.extend({ tokenId: idSchema }) },
  ({ deps, principal, params }) => revokeToken(deps, principal, params.id, params.tokenId),
);
