import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

/** A key to press. Hidden on phones, where there is none. */
export function Kbd({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return (
    <kbd
      className={cx(
        'hidden min-w-5 items-center justify-center rounded-sm border border-line-strong border-b-2 bg-panel px-1 font-medium text-2xs text-ink-2 leading-4 sm:inline-flex',
        className,
      )}
    >
      {children}
    </kbd>
  );
}
