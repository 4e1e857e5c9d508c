import { policyDraftSchema } from '#lib/contracts/policies.ts';
import { listQuerySchema } from '#lib/contracts/shared-shapes.ts';
import { ok } from '#lib/core/result.ts';
import { draftPolicy } from '#lib/server/policies/draft-policy.ts';
import { listPolicies } from '#lib/server/policies/list-policies.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: listQuerySchema }, async ({ deps, query }) =>
  ok(await listPolicies(deps.prisma, query)),
);
export const POST = humanRoute(
  { roles: ['admin'], body: policyDraftSchema, status: 201 },
  ({ deps, principal, body }) => draftPolicy(deps, principal, body),
);
