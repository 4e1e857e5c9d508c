'use client';

import { formatLoad, hourWords, loadTop } from '#components/charts/load-scale.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import type { RolloutForecast } from '#lib/contracts/rollout.ts';
import type { ForecastName } from '#lib/core/rollout/forecast.ts';
import { FORECAST_WORDS, perHourWords } from './forecast-words.ts';

/** Side by side, and the one of now hollow, so that they differ without colour. */
const NOW = [0.14, 0.46] as const;
const OTHER = [0.52, 0.88] as const;

type ForecastChartProps = { readonly forecast: RolloutForecast; readonly other: Exclude<ForecastName, 'now'> };

/** Requests an hour by hour of the reader's day: now, and under one other policy. */
export function ForecastChart({ forecast, other }: ForecastChartProps) {
  const { hours, work } = forecast;
  const words = FORECAST_WORDS[other].short;
  return (
    <ColumnChart
      label="Hour of the day"
      columns={hours.map((hour) => ({
        key: String(hour.hour),
        sentence: `${hourWords(hour.hour)}: ${perHourWords(hour.now)} now, ${perHourWords(hour[other])} with ${words}`,
        bars: [
          { tone: 'hollow', from: 0, to: hour.now, span: NOW },
          { tone: 'accent', from: 0, to: hour[other], span: OTHER },
        ],
      }))}
      // One scale for all choices: a bar that changes must not be the axis that did.
      top={loadTop(hours.flatMap((hour) => [hour.now, hour.enforced, hour.high, hour.mediumAndHigh]))}
      format={formatLoad}
      ticks={['00:00', '06:00', '12:00', '18:00']}
      first={work.from}
      legend={[
        { tone: 'hollow', text: 'now' },
        { tone: 'accent', text: words },
      ]}
      note="on average over all days"
      height="low"
    />
  );
}
