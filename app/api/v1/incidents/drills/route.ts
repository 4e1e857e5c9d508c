import { drillBodySchema } from '#lib/contracts/incidents.ts';
import { startDrill } from '#lib/server/incidents/start-drill.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { body: drillBodySchema, roles: INCIDENT_ROLES, status: 201 },
  async ({ deps, principal, body }) => incidentAnswer(deps, principal, await startDrill(deps, principal, body.kind)),
);
