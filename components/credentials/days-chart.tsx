'use client';

import { clockOf } from '#components/ui/age-clock.ts';
import { axisTop } from '#components/ui/axis-top.ts';
import { type BarTone, type ChartColumn, ColumnChart } from '#components/ui/column-chart.tsx';
import { formatCount, plural } from '#lib/client/format.ts';
import { useNow } from '#lib/client/use-now.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { SPANS, spanOf } from './days-spans.ts';

const TONES: readonly BarTone[] = ['high', 'high', 'medium', 'accent', 'accent', 'accent', 'quiet'];
const LEGEND = [
  { tone: 'high', text: 'ended or nearly' },
  { tone: 'medium', text: 'two weeks' },
  { tone: 'accent', text: 'longer' },
  { tone: 'quiet', text: 'no end of its own' },
] as const;

/** How many credentials have how many days left: the pile at the left is the work of this week. */
export function DaysChart({ credentials }: { readonly credentials: readonly CredentialView[] }) {
  const now = useNow();
  const spans = credentials.map((one) => spanOf(clockOf({ since: one.createdAt, endsAt: one.endsAt }, now)));
  const counts = SPANS.map((_, i) => spans.filter((span) => span === i).length);
  const columns = SPANS.map<ChartColumn>(({ text }, i) => {
    const count = counts[i] ?? 0;
    const names = credentials.filter((_, at) => spans[at] === i).map((one) => one.name);
    return {
      key: text,
      sentence: `${text}: ${plural(count, 'credential')}${count === 0 ? '' : ` (${names.join(', ')})`}`,
      bars: [{ tone: TONES[i] ?? 'quiet', from: 0, to: count }],
    };
  });
  return (
    <ColumnChart
      label="Days left"
      columns={columns}
      top={axisTop(counts)}
      format={formatCount}
      ticks={SPANS.map(({ text }) => text)}
      tickEdge="middle"
      first={0}
      legend={LEGEND}
    >
      <table className="sr-only">
        <caption>Credentials by days left</caption>
        <thead>
          <tr>
            <th scope="col">Left</th>
            <th scope="col">Credentials</th>
          </tr>
        </thead>
        <tbody>
          {SPANS.map(({ text }, i) => (
            <tr key={text}>
              <th scope="row">{text}</th>
              <td>{counts[i]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ColumnChart>
  );
}
