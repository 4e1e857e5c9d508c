import { ok } from '#lib/core/result.ts';
import { endOwnSessions } from '#lib/server/auth/end-sessions.ts';
import { listSessions } from '#lib/server/auth/list-sessions.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) =>
  ok(await listSessions(deps.prisma, principal.id, principal.sessionId)),
);

export const DELETE = humanRoute({}, ({ deps, principal }) =>
  endOwnSessions(deps, principal, { kind: 'others', than: principal.sessionId }),
);
