'use client';

import { useQuery } from '@tanstack/react-query';
import { Card } from '#components/ui/card.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type Overview, overviewSchema } from '#lib/contracts/audit.ts';
import { Figures } from './figures.tsx';
import { FirstHour } from './first-hour.tsx';
import { HourChart } from './hour-chart.tsx';
import { LiveFeed } from './live-feed.tsx';
import { EgressCard, EndingCard } from './reach-cards.tsx';
import { RegistryCard, SafetyCard } from './state-cards.tsx';

const REFRESH_MS = 5000;

/** The first page: what waits, what happened, what state things are in; in an empty install, what to do first. */
export function OverviewPage() {
  const query = useQuery({
    queryKey: queryKeys.overview,
    queryFn: fetching('/api/v1/overview', overviewSchema),
    // Sums over a busy log are not worth a request at every entry.
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page title="Overview">
      <Loaded query={query} skeleton={<OverviewSkeleton />}>
        {(data) => <OverviewBody data={data} />}
      </Loaded>
    </Page>
  );
}

function OverviewBody({ data }: { readonly data: Overview }) {
  return (
    <div className="grid gap-4">
      <FirstHour setUp={data.setUp} />
      <Figures data={data} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid gap-4">
          {data.setUp.hasCall && (
            <Card title="Calls by hour and tier" aside="last 24 hours">
              <HourChart hours={data.byHour} now={Date.parse(data.serverTime)} />
            </Card>
          )}
          <LiveFeed />
        </div>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-1">
          <RegistryCard data={data} />
          <SafetyCard data={data} />
          <EndingCard />
          <EgressCard />
        </div>
      </div>
    </div>
  );
}

function OverviewSkeleton() {
  return (
    <div className="grid gap-4">
      <Skeleton className="h-24 rounded-lg" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton className="h-64 rounded-lg" />
        <Skeleton className="h-64 rounded-lg" />
      </div>
    </div>
  );
}
