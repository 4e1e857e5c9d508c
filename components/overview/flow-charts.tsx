'use client';

import { ChartCard } from '#components/charts/chart-card.tsx';
import type { Numbers } from '#components/charts/csv-button.tsx';
import { axisTop } from '#components/ui/axis-top.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import type { Statistics } from '#lib/contracts/overview.ts';
import { axisTicks, COLUMN_WORDS, columnStart } from './column-words.ts';
import { heightOf, type Part, stackBars } from './stack-bars.ts';
import type { StatisticsQuery } from './use-statistics.ts';

type Column = Statistics['flow'][number];

const TIER_LEGEND = (['high', 'medium', 'low'] as const).map((tone) => ({ tone, text: tone }));

/** From the axis upwards: the harmful lies on top, where the eye is. */
const byTier = (tiers: { readonly low: number; readonly medium: number; readonly high: number }): readonly Part[] => [
  { tone: 'low', count: tiers.low },
  { tone: 'medium', count: tiers.medium },
  { tone: 'high', count: tiers.high },
];
const tierWords = ({ high, medium, low }: Column['decisions']) => `${high} high, ${medium} medium, ${low} low`;

type StackedProps = {
  readonly title: string;
  readonly data: Statistics;
  readonly parts: (column: Column) => readonly Part[];
  readonly sentence: (column: Column) => string;
  readonly legend: readonly { readonly tone: Part['tone']; readonly text: string }[];
  readonly note?: string;
};

function Stacked({ title, data, parts, sentence, legend, note }: StackedProps) {
  const { flow, range } = data;
  return (
    <ColumnChart
      label={`${title}: ${COLUMN_WORDS[range]}`}
      columns={flow.map((column) => ({
        key: column.at,
        sentence: `From ${columnStart(column.at, range)}: ${sentence(column)}`,
        bars: stackBars(parts(column)),
      }))}
      top={axisTop(flow.map((column) => heightOf(parts(column))))}
      format={formatCount}
      ticks={axisTicks(
        flow.map(({ at }) => at),
        range,
      )}
      tickEdge="end"
      first={flow.length - 1}
      legend={legend}
      {...(note === undefined ? {} : { note })}
    />
  );
}

const nothingIn = (data: Statistics, parts: (column: Column) => readonly Part[]) =>
  data.flow.every((column) => heightOf(parts(column)) === 0);

const numbersOf = (
  data: Statistics,
  header: readonly string[],
  cells: (column: Column) => readonly number[],
): Numbers => ({
  header: ['From (UTC)', ...header],
  rows: data.flow.map((column) => [column.at.slice(0, 16).replace('T', ' '), ...cells(column)]),
});

const callParts = ({ calls }: Column): readonly Part[] => [{ tone: 'hollow', count: calls.untiered }, ...byTier(calls)];

/** Calls that agents asked for, by tier. */
export function CallsChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Calls by tier"
      file="calls"
      query={query}
      empty={(data) => (nothingIn(data, callParts) ? 'No agent asked for anything in this time.' : null)}
      numbers={(data) =>
        numbersOf(data, ['High', 'Medium', 'Low', 'Without a tier'], ({ calls }) => [
          calls.high,
          calls.medium,
          calls.low,
          calls.untiered,
        ])
      }
    >
      {(data) => (
        <Stacked
          title="Calls by tier"
          data={data}
          parts={callParts}
          sentence={(column) => `${plural(heightOf(callParts(column)), 'call')} (${tierWords(column.calls)})`}
          legend={[...TIER_LEGEND, { tone: 'hollow', text: 'unknown tool' }]}
        />
      )}
    </ChartCard>
  );
}

/** Decisions of people, by tier. */
export function DecisionsChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Decisions by tier"
      file="decisions"
      query={query}
      empty={(data) =>
        nothingIn(data, (column) => byTier(column.decisions)) ? 'Nobody had to decide in this time.' : null
      }
      numbers={(data) =>
        numbersOf(data, ['High', 'Medium', 'Low', 'Approved', 'Denied', 'Expired'], (column) => [
          column.decisions.high,
          column.decisions.medium,
          column.decisions.low,
          column.approved,
          column.denied,
          column.expired,
        ])
      }
    >
      {(data) => (
        <Stacked
          title="Decisions by tier"
          data={data}
          parts={(column) => byTier(column.decisions)}
          sentence={({ decisions, approved, denied, expired }) =>
            `${approved} approved, ${denied} denied, ${expired} expired (${tierWords(decisions)})`
          }
          legend={TIER_LEGEND}
        />
      )}
    </ChartCard>
  );
}

const askedIn = (column: Column) => heightOf(callParts(column));
const percent = (part: number, whole: number) => (whole === 0 ? 0 : (100 * part) / whole);
const shares = (column: Column) => [
  Math.ceil(percent(column.held, askedIn(column))),
  Math.ceil(percent(column.refused, askedIn(column))),
];
const rounded = (value: number) => Math.round(value * 10) / 10;

/** Which share of the calls waited for a person, and which was refused. */
export function ShareChart({ query }: { readonly query: StatisticsQuery }) {
  return (
    <ChartCard
      title="Held and refused"
      file="held-and-refused"
      query={query}
      empty={(data) =>
        data.flow.every((column) => askedIn(column) === 0) ? 'No agent asked for anything in this time.' : null
      }
      numbers={(data) =>
        numbersOf(data, ['Calls', 'Held', 'Refused', 'Held %', 'Refused %'], (column) => [
          askedIn(column),
          column.held,
          column.refused,
          rounded(percent(column.held, askedIn(column))),
          rounded(percent(column.refused, askedIn(column))),
        ])
      }
    >
      {({ flow, range }) => (
        <ColumnChart
          label={`Held and refused: ${COLUMN_WORDS[range]}`}
          columns={flow.map((column) => {
            const all = askedIn(column);
            const [held, refused] = [percent(column.held, all), percent(column.refused, all)];
            return {
              key: column.at,
              sentence: `From ${columnStart(column.at, range)}: ${column.held} of ${plural(all, 'call')} held (${rounded(held)} %), ${column.refused} refused (${rounded(refused)} %)`,
              bars: [
                { tone: 'accent', from: 0, to: held, span: [0.12, 0.48] },
                { tone: 'hollow', from: 0, to: refused, span: [0.52, 0.88] },
              ],
            };
          })}
          top={Math.min(100, axisTop(flow.flatMap((column) => shares(column))))}
          format={(value) => `${value} %`}
          ticks={axisTicks(
            flow.map(({ at }) => at),
            range,
          )}
          tickEdge="end"
          first={flow.length - 1}
          legend={[
            { tone: 'accent', text: 'held for a person' },
            { tone: 'hollow', text: 'refused' },
          ]}
        />
      )}
    </ChartCard>
  );
}
