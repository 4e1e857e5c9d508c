import { commandApproveSchema } from '#lib/contracts/commands.ts';
import { ok } from '#lib/core/result.ts';
import { reauthenticate } from '#lib/server/auth/reauthenticate.ts';
import { approveCommand } from '#lib/server/commands/decide-command.ts';
import { listProposals } from '#lib/server/commands/list-proposals.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams, body: commandApproveSchema },
  async ({ deps, principal, params, body }) => {
    const proven = body.password === undefined ? null : await reauthenticate(deps.prisma, principal, body.password);
    if (proven !== null && !proven.ok) return proven;
    const actor = proven === null ? principal : { ...principal, reauthAt: proven.value.reauthAt };
    const programs = deps.env.runnerPrograms;
    const done = await approveCommand({ ...deps, programs }, actor, params.id);
    return done.ok ? ok(await listProposals(deps.prisma, programs, principal)) : done;
  },
);
