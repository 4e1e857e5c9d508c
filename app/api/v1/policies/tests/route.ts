import { policyTestSchema } from '#lib/contracts/policy-tests.ts';
import { ok } from '#lib/core/result.ts';
import { readPolicyTests } from '#lib/server/policies/policy-test-rows.ts';
import { addPolicyTest } from '#lib/server/policies/policy-tests.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok({ items: await readPolicyTests(deps.prisma) }));

export const POST = humanRoute({ roles: ['admin'], body: policyTestSchema, status: 201 }, ({ deps, principal, body }) =>
  addPolicyTest(deps, principal, body),
);
