import { err } from '#lib/core/result.ts';
import { createResetLink } from '#lib/server/people/create-link.ts';
import { readPerson } from '#lib/server/people/list-people.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin'], params: idParams, status: 201 },
  async ({ deps, principal, params }) => {
    const person = await readPerson(deps.prisma, params.id);
    if (person === null) return err({ code: 'not-found' });
    return createResetLink({ ...deps, consoleUrl: deps.env.consoleUrl }, principal, person.email);
  },
);
