'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { ConfirmDialog } from '#components/ui/confirm-dialog.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { shortDigest } from '#lib/client/format.ts';
import type { CredentialView } from '#lib/contracts/credentials.ts';
import { useConfirmCredential } from './use-credentials.ts';

/** The server is another than the one the secret was given for: nothing is sent until somebody says that it is right. */
export function ServerChanged({
  credential,
  bar,
}: {
  readonly credential: CredentialView;
  readonly bar: string | null;
}) {
  const [open, setOpen] = useState(false);
  const confirm = useConfirmCredential(credential.id);
  const send = async (reason: string) => {
    const answer = await confirm.run({ configHash: credential.serverConfigHash, reason });
    if (answer.ok) setOpen(false);
  };
  return (
    <Notice
      tone="danger"
      title={`${credential.server} is not what it was`}
      action={
        <Button size="sm" disabledReason={bar} onClick={() => setOpen(true)}>
          Confirm…
        </Button>
      }
    >
      Its address or command changed after this credential was given. Nothing is sent there: whoever changes an address
      must not get the secret of another.
      <ConfirmDialog
        open={open}
        onOpenChange={(on) => {
          confirm.reset();
          setOpen(on);
        }}
        title="Bind it to what the server is now?"
        consequence={
          <>
            From now on it is sent to {credential.server} as it stands on its page, configuration{' '}
            <code>{shortDigest(credential.serverConfigHash)}</code>. Compare it there first.
          </>
        }
        confirmWord="Bind it"
        reasonLabel="Why"
        busy={confirm.busy}
        problem={confirm.problem}
        onConfirm={(reason) => void send(reason)}
      />
    </Notice>
  );
}
