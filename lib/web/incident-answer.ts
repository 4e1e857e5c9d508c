import 'server-only';
import type { IncidentDetail } from '#lib/contracts/incidents.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { readIncident } from '#lib/server/incidents/read-incidents.ts';
import type { WebDeps } from './deps.ts';

/** Who may read and handle incidents. */
export const INCIDENT_ROLES = ['security', 'admin'] as const;

/** The incident as it is after a change, or the refusal. */
export async function incidentAnswer(
  deps: WebDeps,
  principal: HumanPrincipal,
  changed: Result<{ readonly id: string }, Refusal>,
): Promise<Result<IncidentDetail, Refusal>> {
  if (!changed.ok) return changed;
  const incident = await readIncident(deps.prisma, principal, changed.value.id);
  return incident === null ? err({ code: 'not-found' }) : ok(incident);
}
