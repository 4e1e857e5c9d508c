import { serverNameParams } from '#lib/contracts/commands.ts';
import { readRunning } from '#lib/server/commands/running-view.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: serverNameParams }, ({ deps, principal, params }) =>
  readRunning(deps, principal, params.name),
);
