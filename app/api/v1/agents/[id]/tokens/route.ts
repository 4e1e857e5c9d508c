import { tokenCreateSchema } from '#lib/contracts/agents.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: tokenCreateSchema, status: 201 },
  ({ deps, principal, params, body }) => issueToken(deps, principal, params.id, body),
);
