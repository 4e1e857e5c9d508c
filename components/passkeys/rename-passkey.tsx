'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { useRenamePasskey } from './use-passkeys.ts';

type Props = { readonly id: string; readonly name: string };

/** Gives a passkey another name; what it proves stays the same. */
export function RenamePasskey({ id, name }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" aria-label={`Rename ${name}`} onClick={() => setOpen(true)}>
        Rename…
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent title="Rename this passkey" width="sm">
          <RenameForm id={id} name={name} onDone={() => setOpen(false)} />
        </DialogContent>
      </Dialog>
    </>
  );
}

function RenameForm({ id, name, onDone }: Props & { readonly onDone: () => void }) {
  const rename = useRenamePasskey();
  const [typed, setTyped] = useState(name);
  const blocked =
    typed.trim() === '' ? 'Give it a name first.' : typed.trim() === name ? 'Nothing is changed yet.' : null;
  const send = async () => {
    const answer = await rename.run({ id, name: typed.trim() });
    if (answer.ok) onDone();
  };
  return (
    <DialogForm
      commit="Save"
      blocked={blocked}
      busy={rename.busy}
      problem={rename.problem}
      onSubmit={() => void send()}
    >
      <Field label="Name" hint="To tell your devices apart.">
        <Input value={typed} maxLength={60} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
      </Field>
    </DialogForm>
  );
}
