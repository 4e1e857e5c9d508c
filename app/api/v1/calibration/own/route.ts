import { ok } from '#lib/core/result.ts';
import { readOwnCalibration } from '#lib/server/calibration/own-calibration.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readOwnCalibration(deps.prisma, principal)));
