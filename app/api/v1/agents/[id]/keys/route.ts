import { jwkAddSchema } from '#lib/contracts/agents.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { addPublicKey } from '#lib/server/agents/public-keys.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: jwkAddSchema, status: 201 },
  ({ deps, principal, params, body }) => addPublicKey(deps, principal, params.id, body),
);
