import { preferencesInputSchema } from '#lib/contracts/preferences.ts';
import { ok } from '#lib/core/result.ts';
import { changePreferences, readPreferences } from '#lib/server/notifications/preferences.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readPreferences(deps.prisma, principal)));

export const PATCH = humanRoute({ body: preferencesInputSchema }, async ({ deps, principal, body }) =>
  ok(await changePreferences(deps, principal, body)),
);
