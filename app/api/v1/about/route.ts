import { ok } from '#lib/core/result.ts';
import { readAbout } from '#lib/server/about/read-about.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readAbout(deps.prisma, deps.env)));
