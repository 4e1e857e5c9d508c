import { ok } from '#lib/core/result.ts';
import { readMe } from '#lib/server/people/read-me.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ evenWithoutRole: true }, async ({ deps, principal, sessionExpiresAt }) =>
  ok(await readMe(deps, principal, sessionExpiresAt)),
);
