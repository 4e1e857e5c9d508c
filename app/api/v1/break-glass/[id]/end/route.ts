import { ok } from '#lib/core/result.ts';
import { endBreakGlass } from '#lib/server/break-glass/end-break-glass.ts';
import { readBreakGlass } from '#lib/server/break-glass/read-break-glass.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ params: idParams }, async ({ deps, principal, params }) => {
  const ended = await endBreakGlass(deps, principal, params.id);
  return ended.ok ? ok(await readBreakGlass(deps.prisma, principal)) : ended;
});
