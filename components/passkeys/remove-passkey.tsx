'use client';

import { type FormEvent, useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { useProof } from '#lib/client/use-proof.ts';
import { useRemovePasskey } from './use-passkeys.ts';

type Props = { readonly id: string; readonly name: string; readonly last: boolean };

/** Takes a passkey out of use at once, after the password. */
export function RemovePasskey({ id, name, last }: Props) {
  const [open, setOpen] = useState(false);
  const warning = last
    ? ' It is your last: you cannot decide where a rule asks for a passkey until you add another.'
    : '';
  return (
    <>
      <Button size="sm" variant="danger" aria-label={`Remove ${name}`} onClick={() => setOpen(true)}>
        Remove…
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent
          title="Remove this passkey?"
          description={
            <>
              <SafeText text={name} /> no longer signs you in or confirms votes.{warning}
            </>
          }
          tone="danger"
          width="sm"
        >
          <RemoveForm id={id} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

function RemoveForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const remove = useRemovePasskey();
  const proof = useProof();
  const [password, setPassword] = useState('');
  const bar = proof.bar(password);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (bar !== null || remove.busy) return;
    const answer = await remove.run({ id, password });
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <ProofField proof={proof} value={password} onChange={setPassword} />
      {remove.problem !== null && <ProblemNotice problem={remove.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="danger-solid" busy={remove.busy} disabledReason={bar}>
          Remove
        </Button>
      </DialogActions>
    </form>
  );
}
