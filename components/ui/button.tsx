'use client';

import { LoaderCircle } from 'lucide-react';
import { type ComponentProps, type MouseEvent, useId } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClasses } from './button-classes.ts';
import { cx } from './class-names.ts';
import { Tooltip } from './tooltip.tsx';

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
  // Always inside the same parts: a button that is blocked while it has the focus must not be made anew, and lose it.
  return (
    <Tooltip text={blocked ? disabledReason : null}>
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
          // Read as the description; shown to readers as well, it would be part of the name.
          <span id={reasonId} hidden>
            {disabledReason}
          </span>
        )}
      </button>
    </Tooltip>
  );
}
