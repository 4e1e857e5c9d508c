'use client';

import { axisTop } from '#components/ui/axis-top.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import { formatClock } from '#lib/client/time.ts';
import { fillHours, type Hour, stack, totalOf } from './hour-scale.ts';
import { HourTable } from './hour-table.tsx';

const LEGEND = (['high', 'medium', 'low'] as const).map((tone) => ({ tone, text: tone }));

const shortHour = (iso: string) => formatClock(iso).slice(0, 5);

function sentenceOf(hour: Hour): string {
  const tiers = `${hour.high} high, ${hour.medium} medium, ${hour.low} low`;
  return `From ${shortHour(hour.hour)}: ${plural(totalOf(hour), 'call')} (${tiers}), ${hour.denied} refused`;
}

/** Calls by hour and tier over a day, as stacked columns; a table follows for screen readers. */
export function HourChart({ hours, now }: { readonly hours: readonly Hour[]; readonly now: number }) {
  const filled = fillHours(hours, now);
  const last = filled.length - 1;
  return (
    <ColumnChart
      label="Hour of the last 24"
      columns={filled.map((hour) => ({
        key: hour.hour,
        sentence: sentenceOf(hour),
        bars: stack(hour).map(({ series, from, to }) => ({ tone: series, from, to })),
      }))}
      top={axisTop(filled.map(totalOf))}
      format={formatCount}
      ticks={filled.flatMap((hour, i) => ((last - i) % 6 === 0 ? [shortHour(hour.hour)] : []))}
      tickEdge="end"
      first={last}
      legend={LEGEND}
    >
      <HourTable hours={filled} />
    </ColumnChart>
  );
}
