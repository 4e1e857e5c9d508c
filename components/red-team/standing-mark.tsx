import { Check, CheckCheck, CircleHelp, Flag, type LucideIcon, Minus, X } from 'lucide-react';
import { cx } from '#components/ui/class-names.ts';
import type { Standing } from '#lib/core/red-team/compare.ts';

const MARKS: Readonly<Record<Standing, { readonly Icon: LucideIcon; readonly look: string }>> = {
  holds: { Icon: Check, look: 'bg-low-soft text-low' },
  recovered: { Icon: CheckCheck, look: 'bg-low-soft text-low' },
  weak: { Icon: Minus, look: 'bg-medium-soft text-medium' },
  'known-gap': { Icon: Flag, look: 'bg-medium-soft text-medium' },
  regressed: { Icon: X, look: 'bg-high text-on-high' },
  open: { Icon: X, look: 'bg-high text-on-high' },
  unproven: { Icon: CircleHelp, look: 'bg-high-soft text-high' },
};

/** How a scenario stands, as a shape and a colour; whoever shows it says it in words as well. */
export function StandingMark({ standing, className }: { readonly standing: Standing; readonly className?: string }) {
  const { Icon, look } = MARKS[standing];
  return (
    <span
      aria-hidden="true"
      className={cx(
        'inline-grid size-5 place-items-center rounded-sm align-middle [&_svg]:size-3.5 forced-colors:border',
        look,
        className,
      )}
    >
      <Icon />
    </span>
  );
}
