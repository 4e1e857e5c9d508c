import { calibrationPatchSchema } from '#lib/contracts/calibration.ts';
import { ok } from '#lib/core/result.ts';
import { changeCalibration } from '#lib/server/calibration/calibration-settings.ts';
import { readCalibration } from '#lib/server/calibration/read-calibration.ts';
import { humanRoute } from '#lib/web/route.ts';

const roles = ['security', 'admin'] as const;

export const GET = humanRoute({ roles }, async ({ deps }) => ok(await readCalibration(deps.prisma)));

export const PATCH = humanRoute({ roles, body: calibrationPatchSchema }, async ({ deps, principal, body }) => {
  const changed = await changeCalibration(deps, principal, body);
  return changed.ok ? ok(await readCalibration(deps.prisma)) : changed;
});
