'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { useRoleBar } from '#lib/client/use-me.ts';
import { useEndProxyCredential } from './commands-queries.ts';

/** Ends what the running program goes out with: for when it may have been read by somebody. */
export function EndWayOut({ name }: { readonly name: string }) {
  const [open, setOpen] = useState(false);
  const bar = useRoleBar('admin');
  const end = useEndProxyCredential(name);
  const confirm = async (reason: string) => {
    const answer = await end.run(reason);
    if (answer.ok) setOpen(false);
  };
  return (
    <>
      <Button size="sm" disabledReason={bar} onClick={() => setOpen(true)}>
        Renew its way out…
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={(next) => {
          end.reset();
          setOpen(next);
        }}
        title={`Renew how ${name} goes out?`}
        consequence="Its open connections through the egress proxy end now, and the credential it was started with opens none any more. With the next call the program is started anew and gets another one."
        confirmWord="Renew"
        tone="plain"
        reasonLabel="Why"
        busy={end.busy}
        problem={end.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </>
  );
}
