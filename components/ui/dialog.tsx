'use client';

import type { Dialog as Radix } from 'radix-ui';
import { type ComponentProps, createContext, lazy, type ReactNode, Suspense, use, useState } from 'react';
import { Pressed } from './pressed.tsx';

type OpenState = { readonly open: boolean; readonly setOpen: (open: boolean) => void };
const DialogState = createContext<OpenState>({ open: false, setOpen: () => undefined });

/** The panel with its focus trap comes when the first dialog of a page opens: no page needs it to be read. */
const loadPanel = () => import('./dialog-panel.tsx');
const Panel = lazy(loadPanel);

/** Fetches what a dialog is made of before one opens: for the dialog that must not wait for a download. */
export async function keepDialogReady(): Promise<void> {
  await loadPanel().catch(() => undefined);
}

type DialogProps = {
  readonly open?: boolean;
  readonly defaultOpen?: boolean;
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
  readonly children?: ReactNode;
};

/** A modal dialog: open by itself with a trigger, or as `open` says. */
export function Dialog({ open, defaultOpen = false, onOpenChange, children }: DialogProps) {
  const [own, setOwn] = useState(defaultOpen);
  const state = {
    open: open ?? own,
    setOpen: (next: boolean) => {
      setOwn(next);
      onOpenChange?.(next);
    },
  };
  return <DialogState value={state}>{children}</DialogState>;
}

type PressProps = ComponentProps<'button'> & { readonly asChild?: boolean };

/** Opens the dialog it stands in. */
export function DialogTrigger(props: PressProps) {
  const { open, setOpen } = use(DialogState);
  return <Pressed {...props} aria-haspopup="dialog" aria-expanded={open} onPress={() => setOpen(true)} />;
}

/** Closes the dialog it stands in. */
export function DialogClose(props: PressProps) {
  const { setOpen } = use(DialogState);
  return <Pressed {...props} onPress={() => setOpen(false)} />;
}

export type DialogContentProps = Omit<ComponentProps<typeof Radix.Content>, 'title'> & {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly width?: 'sm' | 'md' | 'lg';
  readonly tone?: 'plain' | 'danger';
};

/** A modal dialog's panel: centred on a desk, a sheet from below on a phone. Esc closes, focus returns to where it was. */
export function DialogContent(props: DialogContentProps) {
  const { open, setOpen } = use(DialogState);
  if (!open) return null;
  return (
    <Suspense fallback={null}>
      <Panel {...props} onClose={() => setOpen(false)} />
    </Suspense>
  );
}

/**
 * The row of buttons at a dialog's end. It stays in reach while a long form scrolls under it; what is below fades into
 * it. On a screen too low for both it scrolls along.
 */
export function DialogActions({ children }: { readonly children: ReactNode }) {
  return (
    // Below zero by the panel's padding, from which browsers count.
    <div className="-mx-5 -bottom-5 -mb-5 z-10 mt-3 flex flex-wrap justify-end gap-2 bg-raised px-5 pt-2 pb-5 shadow-[0_-6px_6px_-3px_var(--raised)] [@media(min-height:30rem)]:sticky">
      {children}
    </div>
  );
}
