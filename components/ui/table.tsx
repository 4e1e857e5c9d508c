import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.ts';

/** A data table that scrolls sideways on its own when the window is narrow. `caption` names it for screen readers. */
export function Table({ caption, children }: { readonly caption: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={caption} tabIndex={0} className="overflow-x-auto focus-visible:-outline-offset-2">
      <table className="w-full border-collapse text-sm">
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
