import { endOwnSessions } from '#lib/server/auth/end-sessions.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const DELETE = humanRoute({ params: idParams }, ({ deps, principal, params }) =>
  endOwnSessions(deps, principal, { kind: 'one', id: params.id }),
);
