'use client';

import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { useProof } from '#lib/client/use-proof.ts';
import type { SsoSettings } from '#lib/contracts/sso.ts';
import { usePatchSso } from './use-sso.ts';

type Props = { readonly sso: SsoSettings; readonly open: boolean; readonly onClose: () => void };

/** Switches passwords off or on. Sessions go on either way. */
export function SwitchPasswordsDialog({ sso, open, onClose }: Props) {
  const isOn = sso.passwords === 'on';
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        title={isOn ? 'Switch passwords off?' : 'Switch passwords on?'}
        description={
          isOn
            ? 'From then on people sign in through the provider or with a passkey only. Whoever is signed in stays so.'
            : 'Whoever has a password can sign in with it again.'
        }
        width="sm"
      >
        <SwitchForm isOn={isOn} onDone={onClose} />
      </DialogContent>
    </Dialog>
  );
}

function SwitchForm({ isOn, onDone }: { readonly isOn: boolean; readonly onDone: () => void }) {
  const write = usePatchSso();
  const proof = useProof();
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const send = async () => {
    const patch = { passwords: isOn ? 'off' : 'on', reason: reason.trim() } as const;
    const answer = await write.run({ patch, password });
    if (answer.ok) onDone();
    else setPassword('');
  };
  return (
    <DialogForm
      commit={isOn ? 'Switch off' : 'Switch on'}
      blocked={reasonBar(reason) ?? proof.bar(password)}
      busy={write.busy}
      problem={write.problem}
      onSubmit={() => void send()}
    >
      <ReasonField value={reason} onChange={setReason} />
      <ProofField proof={proof} value={password} onChange={setPassword} />
    </DialogForm>
  );
}
