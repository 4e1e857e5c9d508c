import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { formatCount } from '#lib/client/format.ts';
import type { RolloutForecast } from '#lib/contracts/rollout.ts';
import { FORECASTS } from '#lib/core/rollout/forecast.ts';
import { FORECAST_WORDS, perHourWords } from './forecast-words.ts';

/** Each policy with what it costs in a working hour, in all and for one reviewer. */
export function ForecastTable({ forecast }: { readonly forecast: RolloutForecast }) {
  const { working, totals, reviewers } = forecast;
  return (
    <div className="overflow-clip rounded-md border">
      <Table caption="Requests in a working hour, by policy" reflow>
        <thead>
          <tr>
            <Th>Policy</Th>
            <Th className="text-right">In a working hour</Th>
            <Th className="text-right">For each reviewer</Th>
            <Th className="text-right">In all, 30 days</Th>
          </tr>
        </thead>
        <tbody>
          {FORECASTS.map((name) => (
            <Tr key={name}>
              <Td className={name === 'now' ? 'font-semibold' : undefined}>{FORECAST_WORDS[name].long}</Td>
              <Td className="tabular text-right font-semibold">
                {perHourWords(working[name])}
                <span className="font-normal text-ink-3 sm:sr-only"> an hour</span>
              </Td>
              <Td className="tabular text-right">
                {reviewers === 0 ? 'nobody reviews' : perHourWords(working[name] / reviewers)}
                <span className="text-ink-3 sm:sr-only"> for each reviewer</span>
              </Td>
              <Td className="tabular text-right">
                {formatCount(totals[name])}
                <span className="text-ink-3 sm:sr-only"> in 30 days</span>
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
