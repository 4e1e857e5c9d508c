import { inviteSchema } from '#lib/contracts/links.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ roles: ['admin'], body: inviteSchema, status: 201 }, ({ deps, principal, body }) =>
  invitePerson({ ...deps, consoleUrl: deps.env.consoleUrl }, principal, body),
);
