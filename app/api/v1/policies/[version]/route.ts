import { policyPatchSchema, versionParamsSchema } from '#lib/contracts/policies.ts';
import { err, ok } from '#lib/core/result.ts';
import { changeDraft } from '#lib/server/policies/change-draft.ts';
import { readPolicyVersion } from '#lib/server/policies/list-policies.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: versionParamsSchema }, async ({ deps, principal, params }) => {
  const policy = await readPolicyVersion(deps.prisma, params.version, principal);
  return policy === null ? err({ code: 'not-found' }) : ok(policy);
});
export const PATCH = humanRoute(
  { roles: ['admin'], params: versionParamsSchema, body: policyPatchSchema },
  ({ deps, principal, params, body }) => changeDraft(deps, principal, params.version, body),
);
