import { retentionPreviewQuerySchema } from '#lib/contracts/settings.ts';
import { ok } from '#lib/core/result.ts';
import { previewRetention } from '#lib/server/retention/read-retention.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute(
  { roles: ['admin', 'security'], query: retentionPreviewQuerySchema },
  async ({ deps, query }) => ok(await previewRetention(deps.prisma, query.days)),
);
