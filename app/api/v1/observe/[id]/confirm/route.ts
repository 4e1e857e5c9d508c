import { observeConfirmSchema } from '#lib/contracts/exceptions.ts';
import { ok } from '#lib/core/result.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { listWindows } from '#lib/server/observe/list-windows.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams, body: observeConfirmSchema },
  async ({ deps, principal, params, body }) => {
    const proven = body.password === undefined ? null : await reauthenticate(deps.prisma, principal, body.password);
    if (proven !== null && !proven.ok) return proven;
    const actor = proven === null ? principal : { ...principal, reauthAt: proven.value.reauthAt };
    const done = await confirmWindow(deps, actor, params.id);
    return done.ok ? ok(await listWindows(deps.prisma, principal)) : done;
  },
);
