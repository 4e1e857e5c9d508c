'use client';

import { type ComponentProps, type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';
import { Tick } from './tick.tsx';

type CheckboxProps = Omit<ComponentProps<'input'>, 'type' | 'onChange' | 'className'> & {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly className?: string;
  readonly onCheckedChange?: (checked: boolean) => void;
};

/** A tick box with its words. */
export function Checkbox({ label, hint, className, id: given, onCheckedChange, ...rest }: CheckboxProps) {
  const own = useId();
  const id = given ?? own;
  return (
    <div className={cx('flex items-start gap-2', className)}>
      <Tick {...rest} id={id} className="mt-0.5" onTick={(on) => onCheckedChange?.(on)} />
      <label htmlFor={id} className="text-sm">
        {label}
        {hint !== undefined && <span className="block text-ink-3 text-xs">{hint}</span>}
      </label>
    </div>
  );
}
