import { ok } from '#lib/core/result.ts';
import { endWindow } from '#lib/server/observe/end-window.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams },
  async ({ deps, principal, params }) => {
    const ended = await endWindow(deps, principal, params.id);
    return ended.ok ? ok(await listWindows(deps.prisma, principal)) : ended;
  },
);
