'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { useState } from 'react';
import { cx } from './class-names.ts';
import type { DialogContentProps } from './dialog.tsx';
import { IconButton } from './icon-button.tsx';

const WIDTHS = { sm: 'sm:max-w-sm', md: 'sm:max-w-lg', lg: 'sm:max-w-2xl' } as const;

/** Opens with the first field in focus, or the dialog itself; on the close button its tooltip would stand in the way. */
function focusFirstField(event: Event): void {
  const box = event.currentTarget;
  if (!(box instanceof HTMLElement)) return;
  event.preventDefault();
  (box.querySelector<HTMLElement>('input, select, textarea') ?? box).focus();
}

/** What an open dialog is made of. Loaded with the first one that opens (dialog.tsx). */
export default function DialogPanel({
  title,
  description,
  width = 'md',
  tone = 'plain',
  className,
  children,
  onClose,
  ...rest
}: DialogContentProps & { readonly onClose: () => void }) {
  const [before] = useState(() => document.activeElement);
  const returnFocus = (event: Event) => {
    event.preventDefault();
    // A dialog that opened in this one's place has the focus already: Enter must stop the tools, not scroll the page.
    if (document.activeElement !== document.body) return;
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          onOpenAutoFocus={focusFirstField}
          onCloseAutoFocus={returnFocus}
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
          <div className="min-h-0 scroll-pt-2 scroll-pb-24 overflow-y-auto px-5 pt-1 pb-5">{children}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
