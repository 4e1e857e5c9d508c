import { ok } from '#lib/core/result.ts';
import { readKeys } from '#lib/server/settings/read-keys.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: ['admin', 'security'] }, async ({ deps }) =>
  ok(await readKeys(deps.prisma, deps.keys)),
);
