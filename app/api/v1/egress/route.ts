import { egressEntryInputSchema } from '#lib/contracts/egress-input.ts';
import { listQuerySchema } from '#lib/contracts/shared-shapes.ts';
import { ok } from '#lib/core/result.ts';
import { addEgressEntry } from '#lib/server/egress/add-entry.ts';
import { listEgressEntries } from '#lib/server/egress/list-entries.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ query: listQuerySchema }, async ({ deps }) => ok(await listEgressEntries(deps.prisma)));
export const POST = humanRoute(
  { roles: ['admin'], body: egressEntryInputSchema, status: 201 },
  ({ deps, principal, body }) => addEgressEntry(deps, principal, body),
);
