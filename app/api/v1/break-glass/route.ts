import { breakGlassOpenSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { openBreakGlass } from '#lib/server/break-glass/open-break-glass.ts';
import { readBreakGlass } from '#lib/server/break-glass/read-break-glass.ts';
import { humanRoute } from '#lib/web/route.ts';
import { stepUpDeps } from '#lib/web/step-up.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await readBreakGlass(deps.prisma, principal)));

// No role here: a try by somebody who may not is refused inside, where the refusal is audited.
export const POST = humanRoute({ body: breakGlassOpenSchema, status: 201 }, async ({ deps, principal, body }) => {
  const opened = await openBreakGlass(stepUpDeps(deps), principal, body);
  return opened.ok ? ok(await readBreakGlass(deps.prisma, principal)) : opened;
});
