'use client';

import { useQuery } from '@tanstack/react-query';
import { arriving, useArrived } from '#components/ui/later.tsx';
import { Loaded } from '#components/ui/loaded.tsx';
import { Page } from '#components/ui/page.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { overviewSchema } from '#lib/contracts/overview.ts';

/** The figures and their charts: nobody can see them before the server has answered. */
const body = arriving(() => import('./overview-body.tsx').then((file) => file.OverviewBody), 'at-once');
const REFRESH_MS = 5000;

/** The first page: what waits, what happened, what state things are in; in an empty install, what to do first. */
export function OverviewPage() {
  const Body = useArrived(body);
  const query = useQuery({
    queryKey: queryKeys.overview,
    queryFn: fetching('/api/v1/overview', overviewSchema),
    // Sums over a busy log are not worth a request at every entry.
    refetchInterval: REFRESH_MS,
  });
  return (
    <Page title="Overview">
      <Loaded query={query} skeleton={<OverviewSkeleton />} arrived={Body !== null}>
        {(data) => Body !== null && <Body data={data} />}
      </Loaded>
    </Page>
  );
}

function OverviewSkeleton() {
  return (
    <div className="grid gap-4">
      <Skeleton card className="h-80 sm:h-52 lg:h-24" />
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <Skeleton card className="h-72" />
        <Skeleton card className="h-72" />
      </div>
    </div>
  );
}
