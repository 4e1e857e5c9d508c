import { Check } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

type TickProps = Omit<ComponentProps<'input'>, 'type' | 'onChange'> & { readonly onTick: (on: boolean) => void };

/** The box alone: the platform's own, drawn by us. Named by a label, or by `aria-label`. */
export function Tick({ onTick, className, ...rest }: TickProps) {
  return (
    <span className={cx('relative grid size-4 shrink-0 place-items-center', className)}>
      <input
        {...rest}
        type="checkbox"
        onChange={(event) => onTick(event.target.checked)}
        className="peer target m-0 size-4 appearance-none rounded-sm border border-line-control bg-panel checked:border-accent checked:bg-accent"
      />
      <Check
        aria-hidden="true"
        strokeWidth={3}
        className="pointer-events-none absolute hidden size-3 text-on-accent peer-checked:block"
      />
    </span>
  );
}
