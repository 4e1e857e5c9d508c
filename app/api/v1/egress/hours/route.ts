import { ok } from '#lib/core/result.ts';
import { readBlockedHours } from '#lib/server/egress/blocked-hours.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readBlockedHours(deps.prisma)));
