import { Badge, type BadgeTone } from '#components/ui/badge.tsx';
import type { PolicySummary } from '#lib/contracts/policies.ts';

const LOOKS: Readonly<Record<PolicySummary['status'], { readonly word: string; readonly tone: BadgeTone }>> = {
  draft: { word: 'Draft', tone: 'plain' },
  proposed: { word: 'Waits for a second person', tone: 'warning' },
  published: { word: 'Replaced', tone: 'plain' },
  withdrawn: { word: 'Withdrawn', tone: 'plain' },
};

/** Where a version stands: a draft, waiting, in force, replaced or withdrawn. */
export function PolicyStatus({ version }: { readonly version: Pick<PolicySummary, 'status' | 'inForce'> }) {
  if (version.inForce) return <Badge tone="good">In force</Badge>;
  const { word, tone } = LOOKS[version.status];
  return <Badge tone={tone}>{word}</Badge>;
}
