'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { Card } from '#components/ui/card.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import type { RedTeam } from '#lib/contracts/red-team.ts';
import { FamilyCard } from './family-card.tsx';
import { GapsCard } from './gaps-card.tsx';
import { MapCard } from './map-card.tsx';
import { Progress } from './progress.tsx';
import { RunHead } from './run-head.tsx';
import { RunsCard } from './runs-card.tsx';
import { ScheduleCard } from './schedule-card.tsx';
import { TrendCard } from './trend-card.tsx';

type Props = { readonly data: RedTeam; readonly query: UseQueryResult<RedTeam> };

/** Everything of a red team that is set up. */
export function RedTeamBody({ data, query }: Props) {
  const { latest, open, gaps } = data;
  return (
    <div className="grid gap-4">
      {open !== null && <Progress run={open} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="grid min-w-0 gap-4">
          {latest === null ? (
            <Card>
              <EmptyState title="No run yet">
                Run it now, or wait for the first weekly one. A run takes some seconds and stops nothing.
              </EmptyState>
            </Card>
          ) : (
            <>
              <RunHead run={latest.run} results={latest.results} />
              <MapCard results={latest.results} gaps={gaps} />
            </>
          )}
        </div>
        <div className="grid min-w-0 gap-4">
          {latest !== null && <FamilyCard results={latest.results} />}
          <TrendCard query={query} />
          <GapsCard gaps={gaps} />
          <ScheduleCard data={data} />
          <RunsCard />
        </div>
      </div>
    </div>
  );
}
