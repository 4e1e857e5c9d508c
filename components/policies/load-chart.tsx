'use client';

import { formatLoad, hourWords, loadTop } from '#components/charts/load-scale.ts';
import { ColumnChart } from '#components/ui/column-chart.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { Simulation } from '#lib/contracts/policies.ts';

type HourLoad = Simulation['approvalsPerHour'][number];

/** Side by side, and the one of now hollow, so that they differ without colour. */
const NOW = [0.14, 0.46] as const;
const DRAFT = [0.52, 0.88] as const;
const LEGEND = [
  { tone: 'hollow', text: 'now' },
  { tone: 'accent', text: 'with these rules' },
] as const;

function sentenceOf(hour: HourLoad): string {
  return `${hourWords(hour.hour)} UTC: ${formatLoad(hour.now)} now, ${formatLoad(hour.draft)} with these rules`;
}

/** Requests an hour by hour of the day, now and with the draft; a table on demand. */
export function LoadChart({ hours }: { readonly hours: readonly HourLoad[] }) {
  return (
    <ColumnChart
      label="Hour of the day"
      columns={hours.map((hour) => ({
        key: String(hour.hour),
        sentence: sentenceOf(hour),
        bars: [
          { tone: 'hollow', from: 0, to: hour.now, span: NOW },
          { tone: 'accent', from: 0, to: hour.draft, span: DRAFT },
        ],
      }))}
      top={loadTop(hours.flatMap(({ now, draft }) => [now, draft]))}
      format={formatLoad}
      ticks={['00:00', '06:00', '12:00', '18:00']}
      first={0}
      legend={LEGEND}
      note="requests an hour, on average, by hour of the day (UTC)"
    >
      <details className="mt-1.5 text-xs">
        <summary className="target w-fit rounded-sm text-ink-3 hover:text-ink">The same as a table</summary>
        <LoadTable hours={hours} />
      </details>
    </ColumnChart>
  );
}

function LoadTable({ hours }: { readonly hours: readonly HourLoad[] }) {
  return (
    <Table caption="Requests an hour by hour of the day">
      <thead>
        <tr>
          <Th>Hour, UTC</Th>
          <Th className="text-right">Now</Th>
          <Th className="text-right">With these rules</Th>
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <Tr key={hour.hour}>
            <Td>{hourWords(hour.hour)}</Td>
            <Td className="text-right">{formatLoad(hour.now)}</Td>
            <Td className="text-right">{formatLoad(hour.draft)}</Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
