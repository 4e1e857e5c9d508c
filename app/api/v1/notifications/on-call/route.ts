import { onCallInputSchema } from '#lib/contracts/notifications.ts';
import { ok } from '#lib/core/result.ts';
import { listOnCall, setOnCall } from '#lib/server/notifications/on-call-orders.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listOnCall(deps.prisma)));

export const POST = humanRoute({ roles: ['admin'], body: onCallInputSchema }, ({ deps, principal, body }) =>
  setOnCall(deps, principal, body),
);
