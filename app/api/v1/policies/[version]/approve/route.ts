import { policyApproveSchema, versionParamsSchema } from '#lib/contracts/policies.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: versionParamsSchema, body: policyApproveSchema },
  async ({ deps, principal, params, body }) => {
    const proven = body.password === undefined ? null : await reauthenticate(deps.prisma, principal, body.password);
    if (proven !== null && !proven.ok) return proven;
    const actor = proven === null ? principal : { ...principal, reauthAt: proven.value.reauthAt };
    return approvePolicy(deps, actor, params.version, body);
  },
);
