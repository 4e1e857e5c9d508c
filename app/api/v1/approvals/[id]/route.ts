import { err, ok } from '#lib/core/result.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { noteView } from '#lib/server/calibration/dwell.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, principal, params }) => {
  const record = await readRequest(deps.prisma, deps.keys, principal, params.id);
  if (record === null) return err({ code: 'not-found' });
  if (record.status === 'pending') await noteView(deps.prisma, principal.id, params.id);
  return ok(record);
});
