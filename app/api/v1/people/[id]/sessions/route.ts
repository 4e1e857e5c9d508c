import { err, ok } from '#lib/core/result.ts';
import { endSessionsOf } from '#lib/server/auth/end-sessions.ts';
import { listSessions } from '#lib/server/auth/list-sessions.ts';
import { readPerson } from '#lib/server/people/list-people.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: ['admin'], params: idParams }, async ({ deps, principal, params }) => {
  if ((await readPerson(deps.prisma, params.id)) === null) return err({ code: 'not-found' });
  return ok(await listSessions(deps.prisma, params.id, principal.sessionId));
});

export const DELETE = humanRoute({ roles: ['admin'], params: idParams }, ({ deps, principal, params }) =>
  endSessionsOf(deps, principal, params.id, { kind: 'all' }),
);
