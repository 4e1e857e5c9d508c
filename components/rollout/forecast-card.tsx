'use client';

import { useState } from 'react';
import { ChartCard } from '#components/charts/chart-card.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { Segmented } from '#components/ui/segmented.tsx';
import { plural } from '#lib/client/format.ts';
import { useForecast } from '#lib/client/lists/use-rollout.ts';
import type { RolloutForecast } from '#lib/contracts/rollout.ts';
import { FORECASTS, type ForecastName } from '#lib/core/rollout/forecast.ts';
import { ForecastChart } from './forecast-chart.tsx';
import { ForecastTable } from './forecast-table.tsx';
import { doubtOf, FORECAST_WORDS } from './forecast-words.ts';

type Other = Exclude<ForecastName, 'now'>;
const OTHERS: readonly Other[] = ['enforced', 'high', 'mediumAndHigh'];

/** What a policy would cost people: requests an hour, from the calls of 30 days. */
export function ForecastCard() {
  // The browser's zone: a reviewer's hours are not the server's.
  const [zone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const query = useForecast(zone);
  const [other, setOther] = useState<Other>('enforced');
  return (
    <ChartCard
      title="Forecast: requests an hour"
      file="forecast"
      query={query}
      empty={({ calls }) =>
        calls === 0 ? 'No call was recorded in 30 days: there is nothing to forecast from.' : null
      }
      numbers={({ hours }) => ({
        header: [`Hour (${zone})`, ...FORECASTS.map((name) => FORECAST_WORDS[name].long)],
        rows: hours.map((hour) => [hour.hour, ...FORECASTS.map((name) => hour[name])]),
      })}
    >
      {(forecast) => (
        <div className="grid gap-4">
          <Basis forecast={forecast} />
          <ForecastTable forecast={forecast} />
          <div className="grid gap-2">
            <div className="flex flex-wrap items-center justify-between gap-2">
              <h3 className="font-semibold text-xs">By hour of the day, beside now</h3>
              <Segmented
                label="What to compare with now"
                value={other}
                options={OTHERS.map((value) => ({ value, text: FORECAST_WORDS[value].short }))}
                onChange={setOther}
              />
            </div>
            <ForecastChart forecast={forecast} other={other} />
          </div>
        </div>
      )}
    </ChartCard>
  );
}

/** What it stands on, and how far to believe it. */
function Basis({ forecast }: { readonly forecast: RolloutForecast }) {
  const { calls, work, zone, truncated } = forecast;
  const doubt = doubtOf(forecast);
  return (
    <>
      {doubt !== null && <Notice tone="warning">{doubt}</Notice>}
      <p className="max-w-[80ch] text-ink-2">
        {`${plural(calls, 'recorded call')} of the last 30 days, decided again under four policies by today’s tags. `}
        {truncated && 'There were more; the newest were read. '}
        {`A working hour lies between ${work.from}:00 and ${work.to}:00 from Monday to Friday in ${zone}. What your rules deny stays denied; grants are not taken off.`}
      </p>
    </>
  );
}
