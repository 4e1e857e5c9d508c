import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

type ScrollBoxProps = { readonly label: string; readonly className?: string; readonly children: ReactNode };

/** A box that scrolls on its own, named and reachable by keyboard (WCAG 2.1.1). Give it its largest height by classes. */
export function ScrollBox({ label, className, children }: ScrollBoxProps) {
  const classes = cx('overflow-auto focus-visible:-outline-offset-2', className);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section aria-label={label} tabIndex={0} className={classes}>
      {children}
    </section>
  );
}
