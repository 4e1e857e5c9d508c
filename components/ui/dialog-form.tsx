'use client';

import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.tsx';
import type { ButtonVariant } from './button-classes.ts';
import { DialogActions, DialogClose } from './dialog.tsx';
import { ProblemNotice } from './problem-notice.tsx';

type DialogFormProps = {
  /** What the button says that sends it. */
  readonly commit: ReactNode;
  readonly variant?: ButtonVariant;
  /** Why it cannot be sent yet, as a sentence; null = it can. */
  readonly blocked: string | null;
  readonly busy: boolean;
  readonly problem: { readonly title: string; readonly detail: string; readonly next: string } | null;
  /** Called only when nothing blocks it and nothing is under way. */
  readonly onSubmit: () => void;
  readonly children: ReactNode;
};

/**
 * The form inside a dialog: fields, the refusal if there is one, cancel and commit. Put the form's state into the
 * component that renders this inside DialogContent: then a reopened dialog starts empty and holds no secret.
 */
export function DialogForm({
  commit,
  variant = 'primary',
  blocked,
  busy,
  problem,
  onSubmit,
  children,
}: DialogFormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (blocked === null && !busy) onSubmit();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      {children}
      {problem !== null && <ProblemNotice problem={problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant={variant} busy={busy} disabledReason={blocked}>
          {commit}
        </Button>
      </DialogActions>
    </form>
  );
}
