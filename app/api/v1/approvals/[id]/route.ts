import { err, ok } from '#lib/core/result.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, principal, params }) => {
  const record = await readRequest(deps.prisma, deps.keys, principal, params.id);
  return record === null ? err({ code: 'not-found' }) : ok(record);
});
