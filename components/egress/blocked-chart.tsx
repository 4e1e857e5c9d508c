'use client';

import { axisTop } from '#components/ui/axis-top.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import { formatClock } from '#lib/client/time.ts';
import type { EgressHours } from '#lib/contracts/egress.ts';

const LEGEND = [{ tone: 'high', text: 'refused' }] as const;
const shortHour = (iso: string) => formatClock(iso).slice(0, 5);

/** Refusals by hour: a new kind of traffic stands out as a column of its own. */
export function BlockedChart({ hours }: { readonly hours: EgressHours['items'] }) {
  const last = hours.length - 1;
  return (
    <ColumnChart
      label="Hour of the last 24"
      columns={hours.map(({ hour, denied }) => ({
        key: hour,
        sentence: `From ${shortHour(hour)}: ${plural(denied, 'refusal')}`,
        bars: [{ tone: 'high', from: 0, to: denied }],
      }))}
      top={axisTop(hours.map(({ denied }) => denied))}
      format={formatCount}
      ticks={hours.flatMap(({ hour }, i) => ((last - i) % 6 === 0 ? [shortHour(hour)] : []))}
      tickEdge="end"
      first={last}
      legend={LEGEND}
      note="at most one a minute for each destination"
      height="low"
    >
      <table className="sr-only">
        <caption>Refused connections by hour</caption>
        <thead>
          <tr>
            <th scope="col">Hour</th>
            <th scope="col">Refused</th>
          </tr>
        </thead>
        <tbody>
          {hours.map(({ hour, denied }) => (
            <tr key={hour}>
              <th scope="row">{shortHour(hour)}</th>
              <td>{denied}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ColumnChart>
  );
}
