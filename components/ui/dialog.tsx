'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.ts';
import { IconButton } from './icon-button.tsx';

export const Dialog = Radix.Root;
export const DialogTrigger = Radix.Trigger;
export const DialogClose = Radix.Close;

type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly width?: 'sm' | 'md' | 'lg';
  readonly tone?: 'plain' | 'danger';
};

const WIDTHS = { sm: 'sm:max-w-sm', md: 'sm:max-w-lg', lg: 'sm:max-w-2xl' } as const;

/** Opens with the first field in focus, or the dialog itself; on the close button its tooltip would stand in the way. */
function focusFirstField(event: Event): void {
  const box = event.currentTarget;
  if (!(box instanceof HTMLElement)) return;
  event.preventDefault();
  (box.querySelector<HTMLElement>('input, select, textarea') ?? box).focus();
}

/** A modal dialog: centred on a desk, a sheet from below on a phone. Esc closes, focus returns to where it was. */
export function DialogContent({
  title,
  description,
  width = 'md',
  tone = 'plain',
  className,
  children,
  ...rest
}: DialogContentProps) {
  return (
    <Radix.Portal>
      <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
      <Radix.Content
        onOpenAutoFocus={focusFirstField}
        {...rest}
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className={cx(
          'forced-border fixed inset-x-0 bottom-0 z-40 mx-auto flex max-h-[92dvh] w-full animate-rise flex-col overflow-hidden rounded-t-xl border bg-raised shadow-float outline-none',
          'sm:inset-y-0 sm:my-auto sm:h-fit sm:w-[calc(100vw-2rem)] sm:rounded-xl',
          WIDTHS[width],
          className,
        )}
      >
        <div className="flex items-start gap-3 px-5 pt-4 pb-3">
          <div className="min-w-0 flex-1">
            <Radix.Title className={cx('font-semibold text-lg tracking-tight', tone === 'danger' && 'text-high')}>
              {title}
            </Radix.Title>
            {description !== undefined && (
              <Radix.Description className="mt-1 text-ink-2 text-sm">{description}</Radix.Description>
            )}
          </div>
          <Radix.Close asChild>
            <IconButton label="Close" className="-mr-2">
              <X aria-hidden="true" />
            </IconButton>
          </Radix.Close>
        </div>
        <div className="min-h-0 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
      </Radix.Content>
    </Radix.Portal>
  );
}

/** The row of buttons at a dialog's end. */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>;
}
