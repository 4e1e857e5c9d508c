import { redTeamPatchSchema } from '#lib/contracts/red-team.ts';
import { ok } from '#lib/core/result.ts';
import { changeSchedule } from '#lib/server/red-team/change-schedule.ts';
import { readRedTeam } from '#lib/server/red-team/read-red-team.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readRedTeam(deps.prisma)));

export const PATCH = humanRoute(
  { roles: ['security', 'admin'], body: redTeamPatchSchema },
  async ({ deps, principal, body }) => {
    const changed = await changeSchedule(deps, principal, body);
    return changed.ok ? ok(await readRedTeam(deps.prisma)) : changed;
  },
);
