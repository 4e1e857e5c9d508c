import { err, ok } from '#lib/core/result.ts';
import { readRun } from '#lib/server/red-team/read-red-team.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, params }) => {
  const run = await readRun(deps.prisma, params.id);
  return run === null ? err({ code: 'not-found', detail: 'There is no such run.' }) : ok(run);
});
