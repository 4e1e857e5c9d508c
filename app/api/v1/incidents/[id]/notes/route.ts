import { incidentNoteSchema } from '#lib/contracts/incidents.ts';
import { noteIncident } from '#lib/server/incidents/change-incident.ts';
import { idParams } from '#lib/web/id-params.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute(
  { params: idParams, body: incidentNoteSchema, roles: INCIDENT_ROLES, status: 201 },
  async ({ deps, principal, params, body }) =>
    incidentAnswer(deps, principal, await noteIncident(deps, principal, { id: params.id, words: body.words })),
);
