import { ok } from '#lib/core/result.ts';
import { idParams } from '#lib/web/id-params.ts';
import { INCIDENT_ROLES, incidentAnswer } from '#lib/web/incident-answer.ts';
import { humanRoute } from '#lib/web/route.ts';

export const GET = humanRoute({ params: idParams, roles: INCIDENT_ROLES }, ({ deps, principal, params }) =>
  incidentAnswer(deps, principal, ok(params)),
);
