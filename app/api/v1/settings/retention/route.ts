import { retentionProposeSchema } from '#lib/contracts/settings.ts';
import { ok } from '#lib/core/result.ts';
import { proposeRetention } from '#lib/server/retention/propose-retention.ts';
import { readRetention } from '#lib/server/retention/read-retention.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readRetention(deps.prisma, principal)));

export const POST = humanRoute(
  { roles: ['admin'], body: retentionProposeSchema, status: 201 },
  async ({ deps, principal, body }) => {
    const proposed = await proposeRetention(deps, principal, body);
    return proposed.ok ? ok(await readRetention(deps.prisma, principal)) : proposed;
  },
);
