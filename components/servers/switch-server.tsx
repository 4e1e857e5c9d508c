'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import type { ServerDetail } from '#lib/contracts/servers.ts';
import { usePatchServer } from './use-servers.ts';

/** Switches a server off, so that every call to it is refused, or on again. */
export function SwitchServer({ server, bar }: { readonly server: ServerDetail; readonly bar: string | null }) {
  const [open, setOpen] = useState(false);
  const patch = usePatchServer(server.id);
  const on = server.status === 'active';
  const confirm = async (reason: string) => {
    const answer = await patch.run({ status: on ? 'disabled' : 'active', reason });
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button variant={on ? 'danger' : 'primary'} disabledReason={bar} onClick={() => setOpen(true)}>
        {on ? 'Switch off…' : 'Switch on…'}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          patch.reset();
          setOpen(next);
        }}
        title={on ? `Switch ${server.name} off?` : `Switch ${server.name} on?`}
        consequence={
          on
            ? 'Every call to it is refused from now on. Its tools, tags and accepted definitions are kept.'
            : 'Its accepted tools can be called again.'
        }
        confirmWord={on ? 'Switch off' : 'Switch on'}
        tone={on ? 'danger' : 'plain'}
        reasonLabel="Why"
        busy={patch.busy}
        problem={patch.problem}
        onConfirm={confirm}
      />
    </>
  );
}
