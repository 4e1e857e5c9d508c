'use client';

import type { ReactNode } from 'react';
import { cx } from '#components/ui/class-names.ts';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
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

/** Bars side by side with their names and counts: a table that is also a picture, every number in plain sight. */
export function BarTable({ caption, nameHeading, headings, rows }: BarTableProps) {
  const longest = Math.max(1, ...rows.map(totalOf));
  return (
    <Table caption={caption}>
      <thead>
        <tr>
          <Th className="w-2/5 px-0">{nameHeading}</Th>
          <Th aria-hidden="true" className="w-full" />
          {headings.map((heading) => (
            <Th key={heading} className="px-2 text-right last:pr-0">
              {heading}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.key}>
            <Td className="max-w-40 truncate px-0">{row.name}</Td>
            <Td aria-hidden="true">
              <span className="flex h-4 items-center gap-px">
                {row.parts.map(({ look, count }, i) =>
                  count === 0 ? null : (
                    <span
                      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a bar never move
                      key={i}
                      className={cx('h-2.5 min-w-0.5 rounded-sm', LOOKS[look])}
                      style={{ width: `${(100 * count) / longest}%` }}
                    />
                  ),
                )}
              </span>
            </Td>
            {row.parts.map(({ count }, i) => (
              <Td key={headings[i]} className="tabular px-2 text-right last:pr-0">
                {formatCount(count)}
              </Td>
            ))}
            {row.extra !== undefined && (
              <Td className="tabular whitespace-nowrap px-2 text-right last:pr-0">{row.extra}</Td>
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

function totalOf({ parts }: BarRow): number {
  return parts.reduce((sum, { count }) => sum + count, 0);
}
