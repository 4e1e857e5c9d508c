import { ok } from '#lib/core/result.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await listPeople(deps.prisma, principal)));
