'use client';

import { useState } from 'react';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProofField } from '#components/ui/proof-field.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { useProof } from '#lib/client/use-proof.ts';
import { issuerSchema, type SsoSettings, scopesSchema } from '#lib/contracts/sso.ts';
import { usePatchSso } from './use-sso.ts';

type Props = { readonly sso: SsoSettings; readonly open: boolean; readonly onClose: () => void };

/** Names the provider. Its discovery document is read before anything is kept; an emptied issuer removes it. */
export function EditProviderDialog({ sso, open, onClose }: Props) {
  return (
    <Dialog open={open} onOpenChange={(next) => !next && onClose()}>
      <DialogContent
        title="Sign-in provider"
        description="Any OpenID Connect provider. It is asked for its discovery document before it is kept."
      >
        <EditForm sso={sso} onDone={onClose} />
      </DialogContent>
    </Dialog>
  );
}

/** Its own component, so that a reopened dialog holds no secret. */
function EditForm({ sso, onDone }: { readonly sso: SsoSettings; readonly onDone: () => void }) {
  const write = usePatchSso();
  const proof = useProof();
  const [form, setForm] = useState({
    issuer: sso.issuer ?? '',
    clientId: sso.clientId ?? '',
    clientSecret: '',
    name: sso.name,
    scopes: sso.scopes,
    groupsClaim: sso.groupsClaim,
  });
  const [reason, setReason] = useState('');
  const [password, setPassword] = useState('');
  const set = (name: keyof typeof form) => (event: { readonly target: { readonly value: string } }) =>
    setForm({ ...form, [name]: event.target.value });
  const removes = sso.enabled && form.issuer.trim() === '';
  const blocked = removes ? (reasonBar(reason) ?? proof.bar(password)) : formBar(form, reason, proof.bar(password));
  const send = async () => {
    const { clientSecret, ...rest } = form;
    const provider = removes ? null : { ...rest, ...(clientSecret === '' ? {} : { clientSecret }) };
    const answer = await write.run({ patch: { provider, reason: reason.trim() }, password });
    if (answer.ok) onDone();
    else setPassword('');
  };
  return (
    <DialogForm
      commit={removes ? 'Remove the provider' : 'Test and save'}
      variant={removes ? 'danger-solid' : 'primary'}
      blocked={blocked}
      busy={write.busy}
      problem={write.problem}
      onSubmit={() => void send()}
    >
      <Field label="Issuer" hint="As its tokens name it, such as https://id.example.com/realms/main. Empty removes it.">
        <Input value={form.issuer} maxLength={500} autoComplete="off" inputMode="url" onChange={set('issuer')} />
      </Field>
      {!removes && (
        <>
          <Field label="Client id">
            <Input value={form.clientId} maxLength={300} autoComplete="off" onChange={set('clientId')} />
          </Field>
          <Field
            label="Client secret"
            optional
            hint={
              sso.hasSecret
                ? 'One is kept; empty leaves it, unless issuer or client change.'
                : 'Never shown again. Empty: a public client, which PKCE protects.'
            }
          >
            <Input
              type="password"
              value={form.clientSecret}
              maxLength={1000}
              autoComplete="off"
              onChange={set('clientSecret')}
            />
          </Field>
          <Field label="Name on the button">
            <Input value={form.name} maxLength={60} autoComplete="off" onChange={set('name')} />
          </Field>
          <Field label="Scopes">
            <Input value={form.scopes} maxLength={300} autoComplete="off" onChange={set('scopes')} />
          </Field>
          <Field label="Claim that lists groups">
            <Input value={form.groupsClaim} maxLength={200} autoComplete="off" onChange={set('groupsClaim')} />
          </Field>
        </>
      )}
      <ReasonField value={reason} onChange={setReason} />
      <ProofField proof={proof} value={password} onChange={setPassword} />
    </DialogForm>
  );
}

function formBar(
  form: { readonly issuer: string; readonly clientId: string; readonly scopes: string; readonly name: string },
  reason: string,
  proofBar: string | null,
): string | null {
  if (!issuerSchema.safeParse(form.issuer).success) return 'The issuer is an https:// address without a query.';
  if (form.clientId.trim() === '') return 'Enter the client id.';
  if (form.name.trim() === '') return 'Say what the button names.';
  if (!scopesSchema.safeParse(form.scopes).success) return 'Scopes are words with spaces between; openid is one.';
  return reasonBar(reason) ?? proofBar;
}
