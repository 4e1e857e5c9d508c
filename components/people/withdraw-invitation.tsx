'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { Person } from '#lib/contracts/people.ts';

/** Takes an open invitation back. */
export function WithdrawInvitation({ person, bar }: { readonly person: Person; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const withdraw = useWrite(
    (_: undefined) => api.send('DELETE', `/api/v1/people/invitations/${person.id}`, {}, nothingSchema),
    [queryKeys.people],
  );
  const run = async () => {
    const answer = await withdraw.run(undefined);
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button
        size="sm"
        disabledReason={bar}
        aria-label={`Withdraw the invitation of ${person.email}`}
        onClick={() => setOpen(true)}
      >
        Withdraw…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title="Withdraw this invitation?"
        consequence={`The link that was made for ${person.email} opens nothing any more.`}
        confirmWord="Withdraw"
        tone="danger"
        busy={withdraw.busy}
        problem={withdraw.problem}
        onConfirm={() => void run()}
      />
    </>
  );
}
