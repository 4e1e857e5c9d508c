import { ok } from '#lib/core/result.ts';
import { readRollout } from '#lib/server/rollout/read-rollout.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readRollout(deps.prisma)));
