import { welcomePatchSchema } from '#lib/contracts/welcome.ts';
import { ok } from '#lib/core/result.ts';
import { dismissWelcome, readWelcome } from '#lib/server/welcome/read-welcome.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readWelcome(deps.prisma, principal)));

export const PATCH = humanRoute({ body: welcomePatchSchema }, async ({ deps, principal, body }) => {
  await dismissWelcome(deps.prisma, principal, body.dismissed);
  return ok({});
});
