import { groupCreateSchema } from '#lib/contracts/groups.ts';
import { ok } from '#lib/core/result.ts';
import { createGroup } from '#lib/server/groups/change-group.ts';
import { listGroups } from '#lib/server/groups/list-groups.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listGroups(deps.prisma)));

export const POST = humanRoute(
  { roles: ['admin'], body: groupCreateSchema, status: 201 },
  async ({ deps, principal, body }) => {
    const made = await createGroup(deps, principal, body);
    return made.ok ? ok(await listGroups(deps.prisma)) : made;
  },
);
