import { err, ok } from '#lib/core/result.ts';
import { readRequestContext } from '#lib/server/approvals/read-request-context.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams }, async ({ deps, params }) => {
  const context = await readRequestContext(deps, params.id);
  return context === null ? err({ code: 'not-found' }) : ok(context);
});
