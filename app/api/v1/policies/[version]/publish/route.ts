import { policyPublishSchema, versionParamsSchema } from '#lib/contracts/policies.ts';
import { publishPolicy } from '#lib/server/policies/publish-policy.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: versionParamsSchema, body: policyPublishSchema },
  ({ deps, principal, params, body }) => publishPolicy(deps, principal, params.version, body),
);
