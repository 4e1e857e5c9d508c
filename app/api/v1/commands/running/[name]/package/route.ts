import { packageAcceptSchema, serverNameParams } from '#lib/contracts/commands.ts';
import { acceptPackage } from '#lib/server/commands/accept-package.ts';
import { readRunning } from '#lib/server/commands/running-view.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: serverNameParams, body: packageAcceptSchema },
  async ({ deps, principal, params, body }) => {
    const done = await acceptPackage(deps, principal, params.name, body.integrity);
    return done.ok ? readRunning(deps, principal, params.name) : done;
  },
);
