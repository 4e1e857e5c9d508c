import { auditQuerySchema } from '#lib/contracts/audit.ts';
import { readTimeline } from '#lib/server/audit/read-timeline.ts';
import { AUDIT_READERS } from '#lib/server/audit/readers.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ roles: AUDIT_READERS, query: auditQuerySchema }, ({ deps, query }) =>
  readTimeline(deps.prisma, query),
);
