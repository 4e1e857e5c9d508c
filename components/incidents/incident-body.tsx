'use client';

import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Page } from '#components/ui/page.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import type { IncidentDetail } from '#lib/contracts/incidents.ts';
import { AboutCard } from './about-card.tsx';
import { IncidentActions } from './incident-actions.tsx';
import { DrillBadge, SeverityBadge, StateBadge, standingWords } from './incident-marks.tsx';
import { RunbookCard } from './runbook-card.tsx';
import { StoryCard } from './story-card.tsx';

export function IncidentBody({ incident }: { readonly incident: IncidentDetail }) {
  const bar = useRoleBar('security', 'admin');
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <SafeText text={incident.title} />
          <span className="flex flex-wrap gap-1">
            {incident.drill && <DrillBadge />}
            <SeverityBadge severity={incident.severity} />
            <StateBadge incident={incident} />
          </span>
        </span>
      }
      intro={<SafeText text={incident.detail} />}
      actions={<IncidentActions incident={incident} bar={bar} />}
    >
      <p role="status" className="sr-only">
        {standingWords(incident)}
      </p>
      <div className="grid gap-4">
        {incident.resolution !== null && (
          <Notice tone="good" title={`Resolved by ${incident.resolvedBy ?? 'evidence'}`}>
            <SafeText text={incident.resolution} />
          </Notice>
        )}
        {incident.round > 1 && incident.state !== 'resolved' && (
          <Notice tone="warning" title="It came back within a day of being resolved">
            What was done before stands in its story; the steps begin anew.
          </Notice>
        )}
        <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
          <div className="grid min-w-0 gap-4">
            <RunbookCard incident={incident} bar={bar} />
            <StoryCard incident={incident} bar={bar} />
          </div>
          <AboutCard incident={incident} />
        </div>
      </div>
    </Page>
  );
}
