import { cx } from './class-names.ts';

const VARIANTS = {
  plain: 'border-line-strong bg-panel text-ink hover:bg-sunken',
  primary: 'border-transparent bg-accent text-on-accent shadow-lift hover:bg-accent-strong',
  danger: 'border-high-line bg-high-soft text-high hover:border-high',
  'danger-solid': 'border-transparent bg-high text-on-high shadow-lift hover:brightness-95',
  ghost: 'border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink',
} as const;
const SIZES = {
  sm: 'h-7 gap-1.5 rounded-md px-2.5 text-xs',
  md: 'h-8 gap-2 rounded-lg px-3 text-sm',
  lg: 'h-10 gap-2.5 rounded-lg px-4 text-sm',
} as const;

export type ButtonVariant = keyof typeof VARIANTS;
export type ButtonSize = keyof typeof SIZES;

/** The classes of a button, for links that look like one. No client module: server components call it too. */
export function buttonClasses(variant: ButtonVariant = 'plain', size: ButtonSize = 'md'): string {
  return cx(
    'inline-flex select-none items-center justify-center whitespace-nowrap border font-semibold transition-colors forced-border',
    VARIANTS[variant],
    SIZES[size],
  );
}
