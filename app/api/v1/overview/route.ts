import { ok } from '#lib/core/result.ts';
import { readOverview } from '#lib/server/overview/read-overview.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readOverview(deps.prisma)));
