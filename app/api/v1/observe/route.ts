import { observeOpenSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) => ok(await listWindows(deps.prisma, principal)));

export const POST = humanRoute(
  { roles: ['admin', 'security'], body: observeOpenSchema, status: 201 },
  async ({ deps, principal, body }) => {
    const opened = await openWindow(deps, principal, body);
    return opened.ok ? ok(await listWindows(deps.prisma, principal)) : opened;
  },
);
