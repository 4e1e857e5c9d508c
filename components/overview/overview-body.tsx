'use client';

import { Segmented } from '#components/ui/segmented.tsx';
import { plural } from '#lib/client/format.ts';
import type { Overview } from '#lib/contracts/overview.ts';
import { RANGE_NAMES } from '#lib/core/statistics/ranges.ts';
import { Figures } from './figures.tsx';
import { FirstHour } from './first-hour.tsx';
import { CallsChart, DecisionsChart, ShareChart } from './flow-charts.tsx';
import { LiveFeed } from './live-feed.tsx';
import { EgressCard, EndingCard } from './reach-cards.tsx';
import { RolloutCard } from './rollout-card.tsx';
import { RegistryCard, SafetyCard } from './state-cards.tsx';
import { useRange, useStatistics } from './use-statistics.ts';
import { WaitChart } from './wait-chart.tsx';
import { ReviewersChart, ToolsChart } from './who-and-what.tsx';

const RANGE_WORDS = { '24h': '24 hours', '7d': '7 days', '30d': '30 days' } as const;

export function OverviewBody({ data }: { readonly data: Overview }) {
  return (
    <div className="grid gap-4">
      <FirstHour setUp={data.setUp} />
      <Figures data={data} />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_19rem]">
        <div className="grid min-w-0 gap-4">
          {data.setUp.hasCall && <Charts />}
          <LiveFeed />
        </div>
        <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-1">
          <RegistryCard data={data} />
          <SafetyCard data={data} />
          <EndingCard />
          <EgressCard />
          <RolloutCard />
        </div>
      </div>
    </div>
  );
}

function Charts() {
  const [range, setRange] = useRange();
  const query = useStatistics(range);
  const behind = query.data?.behind ?? 0;
  return (
    <section aria-labelledby="figures-heading" className="grid gap-4">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h2 id="figures-heading" className="font-semibold text-base">
          The last {RANGE_WORDS[range]}
        </h2>
        {behind > 1000 && (
          <p className="text-ink-3 text-xs">{`${plural(behind, 'entry', 'entries')} not counted yet`}</p>
        )}
        <div className="ml-auto">
          <Segmented
            label="How far back"
            value={range}
            options={RANGE_NAMES.map((value) => ({ value, text: RANGE_WORDS[value] }))}
            onChange={setRange}
          />
        </div>
      </div>
      <div className="grid gap-4 xl:grid-cols-2">
        <CallsChart query={query} />
        <DecisionsChart query={query} />
        <WaitChart query={query} />
        <ShareChart query={query} />
        <ReviewersChart query={query} />
        <ToolsChart query={query} />
      </div>
    </section>
  );
}
