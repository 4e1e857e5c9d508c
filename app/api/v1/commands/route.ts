import { ok } from '#lib/core/result.ts';
import { listCommands } from '#lib/server/servers/list-commands.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({}, async ({ deps }) => ok(await listCommands(deps.prisma)));
