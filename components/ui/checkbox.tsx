'use client';

import { Check } from 'lucide-react';
import { Checkbox as Radix } from 'radix-ui';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';

/** A tick box with its words. */
export function Checkbox({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<typeof Radix.Root> & { readonly label: ReactNode; readonly hint?: ReactNode }) {
  const id = useId();
  return (
    <div className={cx('flex items-start gap-2', className)}>
      <Radix.Root
        id={id}
        {...rest}
        className="target mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm border border-line-control bg-panel data-[state=checked]:border-accent data-[state=checked]:bg-accent"
      >
        <Radix.Indicator>
          <Check aria-hidden="true" strokeWidth={3} className="size-3 text-on-accent" />
        </Radix.Indicator>
      </Radix.Root>
      <label htmlFor={id} className="text-sm">
        {label}
        {hint !== undefined && <span className="block text-ink-3 text-xs">{hint}</span>}
      </label>
    </div>
  );
}
