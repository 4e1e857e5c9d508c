import { commandProposeSchema } from '#lib/contracts/commands.ts';
import { ok } from '#lib/core/result.ts';
import { listProposals } from '#lib/server/commands/list-proposals.ts';
import { proposeCommand } from '#lib/server/commands/propose-command.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps, principal }) =>
  ok(await listProposals(deps.prisma, deps.env.runnerPrograms, principal)),
);

export const POST = humanRoute(
  { roles: ['admin'], body: commandProposeSchema, status: 201 },
  async ({ deps, principal, body }) => {
    const programs = deps.env.runnerPrograms;
    const proposed = await proposeCommand({ ...deps, programs }, principal, body);
    return proposed.ok ? ok(await listProposals(deps.prisma, programs, principal)) : proposed;
  },
);
