import { policyTestParamsSchema, policyTestSchema } from '#lib/contracts/policy-tests.ts';
import { changePolicyTest, removePolicyTest } from '#lib/server/policies/policy-tests.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: ['admin'], params: policyTestParamsSchema, body: policyTestSchema },
  ({ deps, principal, params, body }) => changePolicyTest(deps, principal, params.name, body),
);

export const DELETE = humanRoute({ roles: ['admin'], params: policyTestParamsSchema }, ({ deps, principal, params }) =>
  removePolicyTest(deps, principal, params.name),
);
