import { Dumbbell, Info, OctagonAlert, TriangleAlert } from 'lucide-react';
import { Badge } from '#components/ui/badge.tsx';
import type { Incident } from '#lib/contracts/incidents.ts';

const SEVERITIES = {
  high: { tone: 'danger', Icon: OctagonAlert },
  medium: { tone: 'warning', Icon: TriangleAlert },
  low: { tone: 'plain', Icon: Info },
} as const;

/** How urgent it is: shape, word and colour. */
export function SeverityBadge({ severity }: { readonly severity: Incident['severity'] }) {
  const { tone, Icon } = SEVERITIES[severity];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden="true" />}>
      {severity}
    </Badge>
  );
}

/** That it is an exercise, wherever it is shown. */
export function DrillBadge() {
  return (
    <Badge tone="accent" icon={<Dumbbell aria-hidden="true" />}>
      Drill
    </Badge>
  );
}

/** Where it stands, in a few words. */
export function standingWords({ state, mine, acknowledgedBy }: Incident): string {
  switch (state) {
    case 'open':
      return 'Nobody has it';
    case 'acknowledged':
      return mine ? 'You have it' : `${acknowledgedBy ?? '?'} has it`;
    case 'resolved':
      return 'Resolved';
  }
}

const STANDINGS = { open: 'warning', acknowledged: 'accent', resolved: 'good' } as const;

/** Where it stands. */
export function StateBadge({ incident }: { readonly incident: Incident }) {
  const urgent = incident.state === 'open' && incident.severity === 'high';
  return <Badge tone={urgent ? 'danger' : STANDINGS[incident.state]}>{standingWords(incident)}</Badge>;
}
