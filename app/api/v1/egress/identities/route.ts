import { ok } from '#lib/core/result.ts';
import { listEgressIdentities } from '#lib/server/egress/egress-identities.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listEgressIdentities(deps.prisma)));
