import { groupParamsSchema, groupPatchSchema } from '#lib/contracts/groups.ts';
import { ok } from '#lib/core/result.ts';
import { changeGroup } from '#lib/server/groups/change-group.ts';
import { listGroups } from '#lib/server/groups/list-groups.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: ['admin'], params: groupParamsSchema, body: groupPatchSchema },
  async ({ deps, principal, params, body }) => {
    const changed = await changeGroup(deps, principal, params.name, body);
    return changed.ok ? ok(await listGroups(deps.prisma)) : changed;
  },
);
