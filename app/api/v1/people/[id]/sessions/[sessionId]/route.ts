import { z } from 'zod';
import { idSchema } from '#lib/contracts/shared-shapes.ts';
import { endSessionsOf } from '#lib/server/auth/end-sessions.ts';
import { humanRoute } from '#lib/web/route.ts';

const params = z.object({ id: idSchema, sessionId: idSchema });

export const DELETE = humanRoute({ roles: ['admin'], params }, ({ deps, principal, params: of }) =>
  endSessionsOf(deps, principal, of.id, { kind: 'one', id: of.sessionId }),
);
