import { incidentsQuerySchema } from '#lib/contracts/incidents.ts';
import { ok } from '#lib/core/result.ts';
import { listIncidents } from '#lib/server/incidents/read-incidents.ts';
import { INCIDENT_ROLES } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute(
  { query: incidentsQuerySchema, roles: INCIDENT_ROLES },
  async ({ deps, principal, query }) => ok(await listIncidents(deps.prisma, principal, query)),
);
