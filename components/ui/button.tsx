'use client';

import { LoaderCircle } from 'lucide-react';
import { type ComponentProps, type MouseEvent, useId } from 'react';
import { cx } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

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

/** The classes of a button, for links that look like one. */
export function buttonClasses(variant: ButtonVariant = 'plain', size: ButtonSize = 'md'): string {
  return cx(
    'inline-flex select-none items-center justify-center whitespace-nowrap border font-semibold transition-colors forced-border',
    VARIANTS[variant],
    SIZES[size],
  );
}

type ButtonProps = Omit<ComponentProps<'button'>, 'disabled'> & {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  readonly busy?: boolean;
  /** Why it cannot be pressed now. The button stays focusable and says so: a dead grey button teaches nothing. */
  readonly disabledReason?: string | null | undefined;
};

/** A button. There is no bare `disabled`: whoever blocks it gives the reason. */
export function Button({
  variant = 'plain',
  size = 'md',
  busy = false,
  disabledReason,
  type = 'button',
  className,
  onClick,
  children,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const blocked = disabledReason !== undefined && disabledReason !== null;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked || busy) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={blocked || busy || undefined}
      aria-busy={busy || undefined}
      aria-describedby={blocked ? reasonId : rest['aria-describedby']}
      onClick={press}
      className={cx(buttonClasses(variant, size), blocked && 'opacity-55 saturate-50', className)}
    >
      {busy && <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />}
      {children}
      {blocked && (
        <span id={reasonId} className="sr-only">
          {disabledReason}
        </span>
      )}
    </button>
  );
  return blocked ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}
