'use client';

import type { UseQueryResult } from '@tanstack/react-query';
import { ChartCard } from '#components/charts/chart-card.tsx';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import type { RedTeam } from '#lib/contracts/red-team.ts';

type Week = RedTeam['trend'][number];

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const dayOf = ({ start }: Week) => DAY.format(new Date(start));

const sentenceOf = (week: Week) =>
  week.percent === null
    ? `Week from ${dayOf(week)}: no run`
    : `Week from ${dayOf(week)}: ${week.held} of ${week.of} held (${week.percent} %)`;

/** The score of each week's last run. */
export function TrendCard({ query }: { readonly query: UseQueryResult<RedTeam> }) {
  return (
    <ChartCard
      title="Trend by week"
      file="red-team-trend"
      query={query}
      empty={({ trend }) => (trend.every(({ runs }) => runs === 0) ? 'No run has finished yet.' : null)}
      numbers={({ trend }) => ({
        header: ['Week from (UTC)', 'Held', 'Of', '%', 'Runs'],
        rows: trend.map((week) => [week.start.slice(0, 10), week.held, week.of, week.percent, week.runs]),
      })}
    >
      {({ trend }) => (
        <ColumnChart
          label="Trend by week"
          columns={trend.map((week) => ({
            key: week.start,
            sentence: sentenceOf(week),
            bars:
              week.percent === null
                ? []
                : [
                    { tone: 'accent', from: 0, to: week.percent },
                    { tone: 'hollow', from: week.percent, to: 100 },
                  ],
          }))}
          top={100}
          format={(value) => `${value} %`}
          ticks={trend.filter((_, at) => at % 4 === 0).map(dayOf)}
          first={trend.length - 1}
          height="low"
          legend={[
            { tone: 'accent', text: 'held' },
            { tone: 'hollow', text: 'not held' },
          ]}
        />
      )}
    </ChartCard>
  );
}
