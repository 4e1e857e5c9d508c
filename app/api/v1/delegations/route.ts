import { delegationCreateSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { listDelegations } from '#lib/server/delegations/list-delegations.ts';
import { makeDelegation } from '#lib/server/delegations/make-delegation.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listDelegations(deps.prisma)));

export const POST = humanRoute(
  { body: delegationCreateSchema, roles: ['reviewer'], status: 201 },
  ({ deps, principal, body }) => makeDelegation(deps, principal, body),
);
