import { retentionApproveSchema } from '#lib/contracts/settings.ts';
import { ok } from '#lib/core/result.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { approveRetention } from '#lib/server/retention/decide-retention.ts';
import { readRetention } from '#lib/server/retention/read-retention.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams, body: retentionApproveSchema },
  async ({ deps, principal, params, body }) => {
    const proven = body.password === undefined ? null : await reauthenticate(deps.prisma, principal, body.password);
    if (proven !== null && !proven.ok) return proven;
    const actor = proven === null ? principal : { ...principal, reauthAt: proven.value.reauthAt };
    const done = await approveRetention(deps, actor, params.id);
    return done.ok ? ok(await readRetention(deps.prisma, principal)) : done;
  },
);
