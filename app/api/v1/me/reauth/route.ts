import { reauthSchema } from '#lib/contracts/people.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: reauthSchema }, ({ deps, principal, body }) =>
  reauthenticate(deps.prisma, principal, body.password),
);
