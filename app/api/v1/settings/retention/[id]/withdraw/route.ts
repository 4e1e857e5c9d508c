import { ok } from '#lib/core/result.ts';
import { withdrawRetention } from '#lib/server/retention/decide-retention.ts';
import { readRetention } from '#lib/server/retention/read-retention.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams },
  async ({ deps, principal, params }) => {
    const done = await withdrawRetention(deps, principal, params.id);
    return done.ok ? ok(await readRetention(deps.prisma, principal)) : done;
  },
);
