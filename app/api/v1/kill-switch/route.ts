import { killBodySchema } from '#lib/contracts/kill-switch.ts';
import { ok } from '#lib/core/result.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { openRestore } from '#lib/server/kill-switch/restore.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readKillSwitch(deps.prisma, principal)));

export const POST = humanRoute(
  { roles: ['security', 'admin'], body: killBodySchema },
  async ({ deps, principal, body }) => {
    const done = body.on ? await kill(deps, principal, body) : await openRestore(deps, principal, body);
    return done.ok ? ok(await readKillSwitch(deps.prisma, principal)) : done;
  },
);
