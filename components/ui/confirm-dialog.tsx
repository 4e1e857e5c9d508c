'use client';

import { type ReactNode, useState } from 'react';
import { Dialog, DialogContent } from './dialog.tsx';
import { DialogForm } from './dialog-form.tsx';
import { ReasonField, reasonBar } from './reason-field.tsx';

type ConfirmDialogProps = {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  /** What will happen, in a sentence. */
  readonly consequence: ReactNode;
  readonly confirmWord: string;
  readonly tone?: 'plain' | 'danger';
  /** Asks for a reason that goes into the log; the text of its label. */
  readonly reasonLabel?: string;
  /** What must be done first, as a sentence; null = nothing. */
  readonly blocked?: string | null;
  readonly busy: boolean;
  readonly problem: { readonly title: string; readonly detail: string; readonly next: string } | null;
  readonly onConfirm: (reason: string) => void;
  readonly children?: ReactNode;
};

/** Asks before something that matters: says what will happen, takes the reason, shows the refusal if there is one. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, consequence, tone = 'plain', children } = props;
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={title} description={consequence} tone={tone}>
        {children}
        <ConfirmForm {...props} />
      </DialogContent>
    </Dialog>
  );
}

/** Its own component, so that a reopened dialog starts with an empty reason. */
function ConfirmForm({
  confirmWord,
  tone = 'plain',
  reasonLabel,
  blocked = null,
  busy,
  problem,
  onConfirm,
}: ConfirmDialogProps) {
  const [reason, setReason] = useState('');
  return (
    <DialogForm
      commit={confirmWord}
      variant={tone === 'danger' ? 'danger-solid' : 'primary'}
      blocked={blocked ?? (reasonLabel === undefined ? null : reasonBar(reason))}
      busy={busy}
      problem={problem}
      onSubmit={() => onConfirm(reason.trim())}
    >
      {reasonLabel !== undefined && <ReasonField label={reasonLabel} value={reason} onChange={setReason} />}
    </DialogForm>
  );
}
