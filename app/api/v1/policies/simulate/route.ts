import { simulateBodySchema } from '#lib/contracts/policies.ts';
import { simulatePolicy } from '#lib/server/policies/simulate.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], body: simulateBodySchema },
  ({ deps, principal, body }) => simulatePolicy(deps, principal, body),
);
