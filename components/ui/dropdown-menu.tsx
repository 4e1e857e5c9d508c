'use client';

import { DropdownMenu as Radix } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cx } from './class-names.ts';

/**
 * A menu. Not modal: a modal one hides the page from screen readers while its focus guards stay in it, and a click
 * beside it would only close it.
 */
export function Menu(props: ComponentProps<typeof Radix.Root>) {
  return <Radix.Root modal={false} {...props} />;
}

export const MenuTrigger = Radix.Trigger;

const ITEM =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-md px-2 py-1 text-sm outline-none data-[highlighted]:bg-accent-soft data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:text-ink-3';

/** The panel of a menu. */
export function MenuContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal>
      <Radix.Content
        sideOffset={6}
        collisionPadding={8}
        {...rest}
        className={cx(
          'forced-border z-50 min-w-52 max-w-80 animate-fade rounded-lg border bg-raised p-1 shadow-float',
          className,
        )}
      />
    </Radix.Portal>
  );
}

/** One thing to do. */
export function MenuItem({ className, ...rest }: ComponentProps<typeof Radix.Item>) {
  return <Radix.Item {...rest} className={cx(ITEM, className)} />;
}

/** One of several choices, the current one ticked. */
export function MenuRadioItem({ className, children, ...rest }: ComponentProps<typeof Radix.RadioItem>) {
  return (
    <Radix.RadioItem {...rest} className={cx(ITEM, 'group', className)}>
      <span aria-hidden="true" className="grid size-4 place-items-center">
        <Radix.ItemIndicator className="size-1.5 rounded-full bg-accent" />
      </span>
      {children}
    </Radix.RadioItem>
  );
}
export const MenuRadioGroup = Radix.RadioGroup;

/** A quiet heading inside a menu. */
export function MenuLabel({ className, ...rest }: ComponentProps<typeof Radix.Label>) {
  return <Radix.Label {...rest} className={cx('px-2 pt-1.5 pb-1 text-2xs text-ink-3', className)} />;
}

/** A line between groups of items. */
export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
