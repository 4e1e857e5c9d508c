import { ok } from '#lib/core/result.ts';
import { withdrawCommand } from '#lib/server/commands/decide-command.ts';
import { listProposals } from '#lib/server/commands/list-proposals.ts';
import { idParams } from '#lib/web/id-params.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { roles: ['admin', 'security'], params: idParams },
  async ({ deps, principal, params }) => {
    const done = await withdrawCommand(deps, principal, params.id);
    return done.ok ? ok(await listProposals(deps.prisma, deps.env.runnerPrograms, principal)) : done;
  },
);
