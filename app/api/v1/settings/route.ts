import { settingsPatchSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { changeSettings } from '#lib/server/settings/change-settings.ts';
import { readSettings } from '#lib/server/settings/read-settings.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await readSettings(deps.prisma)));

export const PATCH = humanRoute({ roles: ['admin'], body: settingsPatchSchema }, ({ deps, principal, body }) =>
  changeSettings(deps, principal, body),
);
