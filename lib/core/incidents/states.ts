/** open: nobody has it · acknowledged: one person has it · resolved: over, until it is signalled again within a day. */
export const INCIDENT_STATES = ['open', 'acknowledged', 'resolved'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

const REOPENED_WITHIN_MS = 24 * 3_600_000;

/** Whether a signal at this time brings back an incident that was resolved; one that is a drill stays over. */
export function isReopenedBy(
  incident: { readonly drill: boolean; readonly resolvedAt: Date | null },
  now: Date,
): boolean {
  if (incident.drill || incident.resolvedAt === null) return false;
  return now.getTime() - incident.resolvedAt.getTime() < REOPENED_WITHIN_MS;
}
