/** How urgent: high wakes somebody, medium is for today, low is for this week. */
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Everything an incident can be about. */
export const INCIDENT_KINDS = [
  'switch-killed',
  'credential-leaked',
  'credential-failed',
  'token-misused',
  'tool-drifted',
  'break-glass',
  'session-quarantined',
  'arguments-swapped',
  'egress-internal',
  'egress-repeated',
  'plant-missed',
  'log-unreadable',
  'log-rolled-back',
  'notification-lost',
  'guardrail-regressed',
  'red-team-missed',
  'drill',
] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];

/** What ends an incident: a person's word, or evidence from the running system, which no word can replace. */
export type ClosedBy = 'person' | 'evidence';

type KindFacts = { readonly words: string; readonly closes: ClosedBy };

const KINDS: { readonly [K in IncidentKind]: KindFacts } = {
  'switch-killed': { words: 'Kill switch used', closes: 'person' },
  'credential-leaked': { words: 'Credential sent elsewhere', closes: 'person' },
  'credential-failed': { words: 'Credential not renewed', closes: 'person' },
  'token-misused': { words: 'Agent token at the console', closes: 'person' },
  'tool-drifted': { words: 'Tool no longer as accepted', closes: 'person' },
  'break-glass': { words: 'Glass broken', closes: 'person' },
  'session-quarantined': { words: 'Session quarantined', closes: 'person' },
  'arguments-swapped': { words: 'Arguments swapped after approval', closes: 'person' },
  'egress-internal': { words: 'Internal address tried', closes: 'person' },
  'egress-repeated': { words: 'Destination refused repeatedly', closes: 'person' },
  'plant-missed': { words: 'Planted request approved', closes: 'person' },
  'log-unreadable': { words: 'Log entry unreadable', closes: 'person' },
  'log-rolled-back': { words: 'Log not what this host has seen', closes: 'person' },
  'notification-lost': { words: 'Notification not delivered', closes: 'person' },
  'guardrail-regressed': { words: 'Guardrail regressed', closes: 'evidence' },
  'red-team-missed': { words: 'Red-team run missed', closes: 'evidence' },
  drill: { words: 'Red-team tripwire', closes: 'evidence' },
};

/** The words for a kind, the same on every surface. */
export function kindWords(kind: IncidentKind): string {
  return KINDS[kind].words;
}

/**
 * What ends an incident of this kind. A drill that a person runs of any other kind is ended by that person; the red-team
 * run's own (`drill`) only by the run, because whether it closes is what it tests.
 */
export function closedBy(kind: IncidentKind, isDrill: boolean): ClosedBy {
  return isDrill && kind !== 'drill' ? 'person' : KINDS[kind].closes;
}

/** The worse of two: a signal may raise an incident's severity and never lowers it. */
export function worseSeverity(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) <= SEVERITIES.indexOf(other) ? one : other;
}
