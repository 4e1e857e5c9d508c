import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.ts';

/** On a phone each row becomes a small card: the first cell on its own line, the others side by side below it. */
const REFLOW =
  'max-sm:block max-sm:[&_thead]:sr-only max-sm:[&_tbody]:block max-sm:[&_tbody_tr]:flex max-sm:[&_tbody_tr]:flex-wrap max-sm:[&_tbody_tr]:items-center max-sm:[&_tbody_tr]:gap-x-3 max-sm:[&_tbody_tr]:gap-y-1.5 max-sm:[&_tbody_tr]:px-3.5 max-sm:[&_tbody_tr]:py-2.5 max-sm:[&_td]:min-w-0 max-sm:[&_td]:p-0 max-sm:[&_td:first-child]:basis-full';

type TableProps = {
  /** Names it for screen readers. */
  readonly caption: string;
  /** Stacks the rows on a phone; else the table scrolls sideways on its own. */
  readonly reflow?: boolean;
  readonly children: ReactNode;
};

/** A data table. */
export function Table({ caption, reflow = false, children }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto focus-visible:-outline-offset-2">
      <table className={cx('w-full border-collapse text-sm', reflow && REFLOW)}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </section>
  );
}

/** A column's heading. */
export function Th({ className, ...rest }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      {...rest}
      className={cx('whitespace-nowrap border-b px-3.5 py-2 text-left font-medium text-ink-3 text-xs', className)}
    />
  );
}

/** A row. */
export function Tr({ className, ...rest }: ComponentProps<'tr'>) {
  return <tr {...rest} className={cx('border-b last:border-b-0 hover:bg-sunken', className)} />;
}

/** A cell. */
export function Td({ className, ...rest }: ComponentProps<'td'>) {
  return <td {...rest} className={cx('px-3.5 py-2 align-top', className)} />;
}
