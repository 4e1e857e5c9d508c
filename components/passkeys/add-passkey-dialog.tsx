'use client';

import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { useProof } from '#lib/client/use-proof.ts';
import { useAddPasskey } from './use-passkeys.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Adds a passkey: a name and the password, then the browser asks the authenticator. */
export function AddPasskeyDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Add a passkey"
        description="Your browser asks for a fingerprint, a face, a PIN or a security key next."
        width="sm"
        onInteractOutside={(event) => event.preventDefault()}
      >
        <AddForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

/** Its own component, so that a reopened dialog holds no password. */
function AddForm({ onDone }: { readonly onDone: () => void }) {
  const add = useAddPasskey();
  const proof = useProof();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const blocked = name.trim() === '' ? 'Give it a name first.' : proof.bar(password);
  const send = async () => {
    const answer = await add.run({ name: name.trim(), password });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm commit="Continue" blocked={blocked} busy={add.busy} problem={add.problem} onSubmit={() => void send()}>
      <Field label="Name" hint="To tell your devices apart.">
        <Input
          value={name}
          maxLength={60}
          autoComplete="off"
          placeholder="Laptop"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <ProofField
        proof={proof}
        value={password}
        onChange={setPassword}
        hint="So that nobody who finds you signed in can add a key of theirs."
      />
    </DialogForm>
  );
}
