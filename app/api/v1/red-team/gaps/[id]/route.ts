import { ok } from '#lib/core/result.ts';
import { endGap } from '#lib/server/red-team/gaps.ts';
import { readRedTeam } from '#lib/server/red-team/read-red-team.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ roles: ['admin'], params: idParams }, async ({ deps, principal, params }) => {
  const ended = await endGap(deps, principal, params.id);
  return ended.ok ? ok(await readRedTeam(deps.prisma)) : ended;
});
