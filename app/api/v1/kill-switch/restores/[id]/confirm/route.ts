import { restoreConfirmSchema } from '#lib/contracts/kill-switch.ts';
import { ok } from '#lib/core/result.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { readKillSwitch } from '#lib/server/kill-switch/read-kill-switch.ts';
import { confirmRestore } from '#lib/server/kill-switch/restore.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['security', 'admin'], params: idParams, body: restoreConfirmSchema },
  async ({ deps, principal, params, body }) => {
    const proven = body.password === undefined ? null : await reauthenticate(deps.prisma, principal, body.password);
    if (proven !== null && !proven.ok) return proven;
    const actor = proven === null ? principal : { ...principal, reauthAt: proven.value.reauthAt };
    const done = await confirmRestore(deps, actor, params.id);
    return done.ok ? ok(await readKillSwitch(deps.prisma, principal)) : done;
  },
);
