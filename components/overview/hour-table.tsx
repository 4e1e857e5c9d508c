import { formatAbsolute } from '#lib/client/time.ts';
import type { Hour } from './hour-scale.ts';

/** The chart's numbers for those who do not see it. */
export function HourTable({ hours }: { readonly hours: readonly Hour[] }) {
  return (
    <table className="sr-only">
      <caption>Calls by hour and tier</caption>
      <thead>
        <tr>
          {['Hour', 'High', 'Medium', 'Low', 'Refused'].map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour.hour}>
            <th scope="row">{formatAbsolute(hour.hour).slice(0, 16)}</th>
            <td>{hour.high}</td>
            <td>{hour.medium}</td>
            <td>{hour.low}</td>
            <td>{hour.denied}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
