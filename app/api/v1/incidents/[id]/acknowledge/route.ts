import { incidentTakeSchema } from '#lib/contracts/incidents.ts';
import { acknowledgeIncident } from '#lib/server/incidents/change-incident.ts';
import { idParams } from '#lib/web/id-params.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: incidentTakeSchema, roles: INCIDENT_ROLES },
  async ({ deps, principal, params, body }) =>
    incidentAnswer(deps, principal, await acknowledgeIncident(deps, principal, { id: params.id, ...body })),
);
