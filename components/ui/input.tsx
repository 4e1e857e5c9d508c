'use client';

import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';
import { useFieldControl } from './field.tsx';

/** The look every text control shares. */
export const CONTROL =
  'w-full rounded-md border border-line-control bg-panel px-2.5 text-base text-ink placeholder:text-ink-3 aria-invalid:border-high sm:text-sm';

/** One line of text. Inside a Field it is labelled by it. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...useFieldControl()} {...rest} className={cx(CONTROL, 'h-9 sm:h-8', className)} />;
}

/** Several lines of text. */
export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea {...useFieldControl()} rows={rows} {...rest} className={cx(CONTROL, 'resize-y py-1.5', className)} />
  );
}

/** One choice of a list: the platform's own control, which works with every keyboard, reader and phone. */
export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...useFieldControl()} {...rest} className={cx(CONTROL, 'h-9 pr-7 sm:h-8', className)}>
      {children}
    </select>
  );
}
