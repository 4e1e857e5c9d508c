'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import type { Write } from '#lib/client/use-write.ts';
import type { CredentialTest, CredentialView } from '#lib/contracts/credentials.ts';
import { EditCredentialDialog } from './edit-credential-dialog.tsx';
import { RotateDialog } from './rotate-dialog.tsx';
import { useRetireCredential } from './use-credentials.ts';

type ActionsProps = {
  readonly credential: CredentialView;
  readonly bar: string | null;
  readonly test: Write<undefined, CredentialTest>;
};

/** Test, rotate, change, retire; each blocked with its reason where it cannot be done. */
export function CredentialActions({ credential, bar, test }: ActionsProps) {
  const [open, setOpen] = useState<'rotate' | 'edit' | 'retire' | null>(null);
  const retire = useRetireCredential(credential.id);
  const toggle = (which: typeof open) => (on: boolean) => setOpen(on ? which : null);
  const over = credential.status === 'ended' ? 'It has ended: nothing is sent with it.' : null;
  const fixed =
    credential.kind === 'client-certificate' ? 'A certificate says itself when it ends: rotate it to the next.' : null;
  const unbound = credential.bound ? null : 'Confirm what its server is now first.';
  const confirm = async (reason: string) => {
    const answer = await retire.run(reason);
    if (answer.ok) setOpen(null);
  };
  if (credential.status === 'retired') return null;
  return (
    <>
      <Button busy={test.busy} disabledReason={bar ?? over ?? unbound} onClick={() => void test.run(undefined)}>
        Test now
      </Button>
      <Button disabledReason={bar ?? fixed} onClick={() => setOpen('edit')}>
        Change…
      </Button>
      <Button variant="primary" disabledReason={bar ?? over ?? unbound} onClick={() => setOpen('rotate')}>
        Rotate…
      </Button>
      <Button variant="danger" disabledReason={bar} onClick={() => setOpen('retire')}>
        Retire…
      </Button>
      <RotateDialog credential={credential} open={open === 'rotate'} onOpenChange={toggle('rotate')} />
      <EditCredentialDialog credential={credential} open={open === 'edit'} onOpenChange={toggle('edit')} />
      <ConfirmDialog
        open={open === 'retire'}
        onOpenChange={(on) => {
          retire.reset();
          toggle('retire')(on);
        }}
        title="Retire this credential?"
        consequence={`Nothing is sent with it any more, and its secrets are erased. Calls to ${credential.server} go without one, or are refused there. This cannot be undone.`}
        confirmWord="Retire"
        tone="danger"
        reasonLabel="Why"
        busy={retire.busy}
        problem={retire.problem}
        onConfirm={(reason) => void confirm(reason)}
      />
    </>
  );
}
