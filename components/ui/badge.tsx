import type { ReactNode } from 'react';
import { cx } from './class-names.ts';

const TONES = {
  plain: 'border-line bg-sunken text-ink-2',
  accent: 'border-transparent bg-accent-soft text-accent',
  danger: 'border-transparent bg-high-soft text-high',
  warning: 'border-transparent bg-medium-soft text-medium',
  good: 'border-transparent bg-low-soft text-low',
} as const;
export type BadgeTone = keyof typeof TONES;

/** A word in a small box; the colour repeats what the word says, never more. */
export function Badge({
  tone = 'plain',
  icon,
  wraps = false,
  className,
  children,
}: {
  readonly tone?: BadgeTone;
  readonly icon?: ReactNode;
  /** For what somebody else wrote, which may be longer than its place. */
  readonly wraps?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <span
      className={cx(
        'inline-flex items-center gap-1 rounded-[0.3125rem] border px-1.5 font-semibold text-xs [&_svg]:size-3',
        wraps ? 'min-h-5 min-w-0 wrap-anywhere' : 'h-5 whitespace-nowrap',
        TONES[tone],
        className,
      )}
    >
      {icon}
      {children}
    </span>
  );
}
