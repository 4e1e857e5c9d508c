'use client';

import { Tabs as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

export const Tabs = Radix.Root;
export const TabPanel = Radix.Content;

/** The row of tabs. Give it an aria-label. */
export function TabList({ className, ...rest }: ComponentProps<typeof Radix.List>) {
  return <Radix.List {...rest} className={cx('flex gap-1 overflow-x-auto border-b', className)} />;
}

/** One tab; a count may follow the word. */
export function Tab({
  count,
  className,
  children,
  ...rest
}: ComponentProps<typeof Radix.Trigger> & { readonly count?: number }) {
  return (
    <Radix.Trigger
      {...rest}
      className={cx(
        '-mb-px flex h-9 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 px-2.5 text-ink-2 text-sm hover:text-ink focus-visible:-outline-offset-2',
        'data-[state=active]:border-accent data-[state=active]:font-semibold data-[state=active]:text-ink',
        className,
      )}
    >
      {children}
      {count !== undefined && <span className="tabular font-normal text-ink-3 text-xs">{count}</span>}
    </Radix.Trigger>
  );
}
