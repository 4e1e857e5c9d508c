import { toldBodySchema } from '#lib/contracts/calibration.ts';
import { ok } from '#lib/core/result.ts';
import { noteTold, readOwnCalibration } from '#lib/server/calibration/own-calibration.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ body: toldBodySchema }, async ({ deps, principal, body }) => {
  await noteTold(deps.prisma, principal, body.plantIds);
  return ok(await readOwnCalibration(deps.prisma, principal));
});
