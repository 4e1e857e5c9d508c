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

/** Where it stands, in a word. */
export function StateBadge({ incident }: { readonly incident: Incident }) {
  switch (incident.state) {
    case 'open':
      return <Badge tone={incident.severity === 'high' ? 'danger' : 'warning'}>Nobody has it</Badge>;
    case 'acknowledged':
      return <Badge tone="accent">{incident.mine ? 'You have it' : `${incident.acknowledgedBy ?? '?'} has it`}</Badge>;
    case 'resolved':
      return <Badge tone="good">Resolved</Badge>;
  }
}
