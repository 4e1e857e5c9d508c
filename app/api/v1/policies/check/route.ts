import { policyCheckSchema } from '#lib/contracts/policies.ts';
import { checkPolicy } from '#lib/server/policies/check-policy.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: policyCheckSchema }, ({ deps, body }) => checkPolicy(deps.prisma, body));
