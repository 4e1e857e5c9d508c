import { ok } from '#lib/core/result.ts';
import { readObserved } from '#lib/server/policies/observed.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readObserved(deps.prisma)));
