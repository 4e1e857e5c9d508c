import { serverPatchSchema } from '#lib/contracts/servers.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { err, ok } from '#lib/core/result.ts';
import { changeServer } from '#lib/server/servers/change-server.ts';
import { readServer } from '#lib/server/servers/server-view.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: namedParamsSchema }, async ({ deps, params }) => {
  const server = await readServer(deps.prisma, params.id);
  return server === null ? err({ code: 'not-found' }) : ok(server);
});
export const PATCH = humanRoute(
  { roles: ['admin'], params: namedParamsSchema, body: serverPatchSchema },
  ({ deps, principal, params, body }) => changeServer(deps, principal, params.id, body),
);
