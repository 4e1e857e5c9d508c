import { Check } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

type TickProps = Omit<ComponentProps<'input'>, 'type' | 'onChange'> & { readonly onTick: (on: boolean) => void };

/** The box alone: the platform's own, drawn by us. Named by a label, or by `aria-label`. */
export function Tick({ onTick, className, ...rest }: TickProps) {
  return (
    <span className={cx('relative grid size-4 shrink-0 place-items-center', className)}>
      {/* The input is 24 px, larger than what is drawn: a target of 16 is missed (WCAG 2.5.8). */}
      <input
        {...rest}
        type="checkbox"
        onChange={(event) => onTick(event.target.checked)}
        className="peer absolute -inset-1 m-0 size-6 appearance-none rounded-sm"
      />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-0 rounded-sm border border-line-control bg-panel peer-checked:border-accent peer-checked:bg-accent"
      />
      <Check
        aria-hidden="true"
        strokeWidth={3}
        className="pointer-events-none absolute hidden size-3 text-on-accent peer-checked:block"
      />
    </span>
  );
}
