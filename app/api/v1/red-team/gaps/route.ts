import { gapBodySchema } from '#lib/contracts/red-team.ts';
import { ok } from '#lib/core/result.ts';
import { acceptGap } from '#lib/server/red-team/gaps.ts';
import { readRedTeam } from '#lib/server/red-team/read-red-team.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], body: gapBodySchema, status: 201 },
  async ({ deps, principal, body }) => {
    const accepted = await acceptGap(deps, principal, body);
    return accepted.ok ? ok(await readRedTeam(deps.prisma)) : accepted;
  },
);
