import { ok } from '#lib/core/result.ts';
import { readRedTeam } from '#lib/server/red-team/read-red-team.ts';
import { setUpRedTeam } from '#lib/server/red-team/set-up.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin'], status: 201 }, async ({ deps, principal }) => {
  const done = await setUpRedTeam(deps, principal);
  return done.ok ? ok(await readRedTeam(deps.prisma)) : done;
});
