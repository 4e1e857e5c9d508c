import { huntCreateSchema } from '#lib/contracts/hunts.ts';
import { listQuerySchema } from '#lib/contracts/shared-shapes.ts';
import { ok } from '#lib/core/result.ts';
import { listHunts, saveHunt } from '#lib/server/audit/hunts.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: AUDIT_READERS, query: listQuerySchema }, async ({ deps, principal, query }) =>
  ok(await listHunts(deps.prisma, principal, query)),
);

export const POST = humanRoute(
  { roles: AUDIT_READERS, body: huntCreateSchema, status: 201 },
  ({ deps, principal, body }) => saveHunt(deps, principal, body),
);
