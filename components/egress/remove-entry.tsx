'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import type { EgressEntry } from '#lib/contracts/egress.ts';
import { addressOf } from './entry-words.ts';
import { useRemoveEntry } from './use-egress.ts';

/** Takes a destination off the list; connections to it are refused at once. */
export function RemoveEntry({ entry, bar }: { readonly entry: EgressEntry; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const remove = useRemoveEntry();
  const confirm = async () => {
    const answer = await remove.run(entry.id);
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button size="sm" variant="danger" disabledReason={bar} onClick={() => setOpen(true)}>
        Revoke…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          remove.reset();
          setOpen(next);
        }}
        title="Revoke this destination?"
        consequence={`New connections to ${addressOf(entry)} are refused from now on, and open ones end. What is there can no longer be reached.`}
        confirmWord="Revoke"
        tone="danger"
        busy={remove.busy}
        problem={remove.problem}
        onConfirm={() => void confirm()}
      />
    </>
  );
}
