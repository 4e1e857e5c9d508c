import { incidentResolveSchema } from '#lib/contracts/incidents.ts';
import { resolveIncident } from '#lib/server/incidents/change-incident.ts';
import { idParams } from '#lib/web/id-params.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: incidentResolveSchema, roles: INCIDENT_ROLES },
  async ({ deps, principal, params, body }) =>
    incidentAnswer(deps, principal, await resolveIncident(deps, principal, { id: params.id, reason: body.reason })),
);
