import { serverCreateSchema } from '#lib/contracts/servers.ts';
import { listQuerySchema } from '#lib/contracts/shared-shapes.ts';
import { ok } from '#lib/core/result.ts';
import { registerServer } from '#lib/server/servers/register-server.ts';
import { listServers } from '#lib/server/servers/server-view.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: listQuerySchema }, async ({ deps, query }) =>
  ok(await listServers(deps.prisma, query)),
);
export const POST = humanRoute(
  { roles: ['admin'], body: serverCreateSchema, status: 201 },
  ({ deps, principal, body }) => registerServer(deps, principal, body),
);
