'use client';

import { ChartCard } from '#components/charts/chart-card.tsx';
import { axisTop } from '#components/ui/axis-top.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import { plural } from '#lib/client/format.ts';
import { formatSpan } from '#lib/client/time.ts';
import type { Statistics } from '#lib/contracts/overview.ts';
import { axisTicks, COLUMN_WORDS, columnStart } from './column-words.ts';
import { stackBars } from './stack-bars.ts';
import type { StatisticsQuery } from './use-statistics.ts';

type Wait = Statistics['waits'][number];

function sentenceOf({ at, decided, p50S, p90S, p99S }: Wait, range: Statistics['range']): string {
  const from = `From ${columnStart(at, range)}:`;
  if (p50S === null || p90S === null || p99S === null) return `${from} nothing was decided`;
  const spans = `half within ${formatSpan(p50S)}, 90 % within ${formatSpan(p90S)}, 99 % within ${formatSpan(p99S)}`;
  return `${from} ${plural(decided, 'decision')}, ${spans}`;
}

/** How long calls waited for people: the middle one, and how far the slow ones reach above it. */
export function WaitChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Waiting for a decision"
      file="waiting"
      query={query}
      empty={({ waits }) => (waits.every(({ decided }) => decided === 0) ? 'Nobody had to decide in this time.' : null)}
      numbers={({ waits }) => ({
        header: ['From (UTC)', 'Decisions', 'p50 s', 'p90 s', 'p99 s'],
        rows: waits.map((wait) => [
          wait.at.slice(0, 16).replace('T', ' '),
          wait.decided,
          ...[wait.p50S, wait.p90S, wait.p99S].map((value) => (value === null ? null : Math.round(value * 10) / 10)),
        ]),
      })}
    >
      {({ waits, range }) => (
        <ColumnChart
          label={`Waiting for a decision: ${COLUMN_WORDS[range]}`}
          columns={waits.map((wait) => ({
            key: wait.at,
            sentence: sentenceOf(wait, range),
            bars: stackBars([
              { tone: 'accent', count: wait.p50S ?? 0 },
              { tone: 'quiet', count: (wait.p90S ?? 0) - (wait.p50S ?? 0) },
              { tone: 'hollow', count: (wait.p99S ?? 0) - (wait.p90S ?? 0) },
            ]),
          }))}
          top={axisTop(waits.map(({ p99S }) => Math.ceil(p99S ?? 0)))}
          format={formatSpan}
          ticks={axisTicks(
            waits.map(({ at }) => at),
            range,
          )}
          tickEdge="end"
          first={waits.length - 1}
          legend={[
            { tone: 'accent', text: 'half (p50)' },
            { tone: 'quiet', text: '90 %' },
            { tone: 'hollow', text: '99 %' },
          ]}
        />
      )}
    </ChartCard>
  );
}
