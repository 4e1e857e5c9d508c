import { err } from '#lib/core/result.ts';
import { openExport } from '#lib/server/audit/open-export.ts';
import { AUDIT_EXPORTERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: AUDIT_EXPORTERS }, async ({ deps, principal }) => {
  const stream = await openExport(deps, principal);
  if (stream === null) return err({ code: 'not-found', detail: 'The log has no signed checkpoint yet.' });
  return new Response(stream, {
    headers: {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="countersign-audit.ndjson"',
      'cache-control': 'no-store',
    },
  });
});
