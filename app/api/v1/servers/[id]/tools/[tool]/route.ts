import { z } from 'zod';
import { toolPatchSchema } from '#lib/contracts/servers.ts';
import { namedParamsSchema } from '#lib/contracts/shared-shapes.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { humanRoute } from '#lib/web/route.ts';

export const PATCH = humanRoute(
  { roles: ['admin'], params: namedParamsSchema.extend({ tool: z.string().min(1).max(128) }), body: toolPatchSchema },
  ({ deps, principal, params, body }) => changeTool(deps, principal, params.id, params.tool, body),
);
