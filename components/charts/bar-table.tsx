'use client';

import type { ReactNode } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { formatCount } from '#lib/client/format.ts';

/** A part of a row's bar. `hollow` differs from `solid` without colour. */
export type BarPart = { readonly look: 'solid' | 'hollow'; readonly count: number };
export type BarRow = {
  readonly key: string;
  readonly name: ReactNode;
  readonly parts: readonly BarPart[];
  /** What stands at the end of the row, beside the counts. */
  readonly extra?: ReactNode;
};

const LOOKS = {
  solid: 'bg-accent forced-colors:bg-[Highlight]',
  hollow: 'border border-ink-3 bg-sunken forced-colors:border-[CanvasText]',
} as const;

type BarTableProps = {
  readonly caption: string;
  readonly nameHeading: string;
  /** A heading for each part of the bars, and for the end of the row if there is one. */
  readonly headings: readonly string[];
  readonly rows: readonly BarRow[];
};

/** Bars under their names with their counts beside them: a table that is also a picture, every number in plain sight. */
export function BarTable({ caption, nameHeading, headings, rows }: BarTableProps) {
  const longest = Math.max(1, ...rows.map(totalOf));
  return (
    <table className="w-full border-collapse text-sm">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr className="text-ink-3 text-xs">
          <th scope="col" className="w-full border-b pb-1.5 text-left font-medium">
            {nameHeading}
          </th>
          {headings.map((heading) => (
            <th key={heading} scope="col" className={cx(COUNT, 'border-b pb-1.5 font-medium')}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="border-b last:border-b-0">
            <th scope="row" className="max-w-0 py-1.5 text-left font-normal">
              {row.name}
              <Bar parts={row.parts} longest={longest} />
            </th>
            {row.parts.map(({ count }, i) => (
              <td key={headings[i]} className={cx(COUNT, 'py-1.5')}>
                {formatCount(count)}
              </td>
            ))}
            {row.extra !== undefined && <td className={cx(COUNT, 'py-1.5')}>{row.extra}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const COUNT = 'tabular whitespace-nowrap pl-4 text-right align-top';

function Bar({ parts, longest }: { readonly parts: readonly BarPart[]; readonly longest: number }) {
  return (
    <span aria-hidden="true" className="mt-1 flex h-1.5 gap-px">
      {parts.map(({ look, count }, i) =>
        count === 0 ? null : (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a bar never move
            key={i}
            className={cx('min-w-1 rounded-sm', LOOKS[look])}
            style={{ width: `${(100 * count) / longest}%` }}
          />
        ),
      )}
    </span>
  );
}

function totalOf({ parts }: BarRow): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}
