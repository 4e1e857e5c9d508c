'use client';

import { DetailPage } from '#components/ui/detail-page.tsx';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { useHasRole } from '#lib/client/use-me.ts';
import { ForSecurity } from './for-security.tsx';
import { useIncident } from './use-incident.ts';

/** Everything below the heading: nobody can see it before the server has answered. */
const body = arriving(() => import('./incident-body.tsx').then((file) => file.IncidentBody), 'at-once');

/** One incident: what was seen, what to do, who has it, and how it went. */
export function IncidentPage({ id }: { readonly id: string }) {
  const Body = useArrived(body);
  const may = useHasRole('security', 'admin');
  const query = useIncident(id, may === 'yes');
  if (may === 'no') {
    return (
      <Page title="Incident">
        <ForSecurity />
      </Page>
    );
  }
  return (
    <DetailPage
      query={query}
      title="Incident"
      skeleton={<IncidentSkeleton />}
      missing="No such incident"
      arrived={Body !== null}
      back={{ href: '/incidents', text: 'All incidents' }}
    >
      {(incident) => Body !== null && <Body incident={incident} />}
    </DetailPage>
  );
}

function IncidentSkeleton() {
  return (
    <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
      <div className="grid gap-4">
        <Skeleton card className="h-96" />
        <Skeleton card className="h-48" />
      </div>
      <Skeleton card className="h-72" />
    </div>
  );
}
