import { subscriptionInputSchema } from '#lib/contracts/preferences.ts';
import { ok } from '#lib/core/result.ts';
import { listSubscriptions, subscribe } from '#lib/server/notifications/subscriptions.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await listSubscriptions(deps.prisma, principal)));

export const POST = humanRoute({ body: subscriptionInputSchema, status: 201 }, ({ deps, principal, body }) =>
  subscribe(deps, principal, body),
);
