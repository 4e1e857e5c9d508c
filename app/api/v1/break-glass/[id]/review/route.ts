import { breakGlassReviewSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { readBreakGlass } from '#lib/server/break-glass/read-break-glass.ts';
import { reviewBreakGlass } from '#lib/server/break-glass/review-break-glass.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: breakGlassReviewSchema, roles: ['security'] },
  async ({ deps, principal, params, body }) => {
    const reviewed = await reviewBreakGlass(deps, principal, { id: params.id, note: body.note });
    return reviewed.ok ? ok(await readBreakGlass(deps.prisma, principal)) : reviewed;
  },
);
