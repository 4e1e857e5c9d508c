import { ssoPatchSchema } from '#lib/contracts/sso.ts';
import { ok } from '#lib/core/result.ts';
import { changeSsoSettings } from '#lib/server/sso/change-settings.ts';
import { readSsoSettings } from '#lib/server/sso/read-settings.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: ['admin'] }, async ({ deps }) =>
  ok(await readSsoSettings(deps.prisma, deps.env)),
);

export const PATCH = humanRoute({ roles: ['admin'], body: ssoPatchSchema }, ({ deps, principal, body }) =>
  changeSsoSettings(deps, principal, body),
);
