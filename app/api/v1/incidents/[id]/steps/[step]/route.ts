import { doStep } from '#lib/server/incidents/change-incident.ts';
import { stepParams } from '#lib/web/id-params.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const POST = humanRoute({ params: stepParams, roles: INCIDENT_ROLES }, async ({ deps, principal, params }) =>
  incidentAnswer(deps, principal, await doStep(deps, principal, params)),
);
