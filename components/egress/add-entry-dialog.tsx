'use client';

import { useState } from 'react';
import { SafeText } from '#components/safe-text/safe-text.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { type EndChoice, endOf } from '#components/ui/end-choice.ts';
import { EndField } from '#components/ui/end-field.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { useCredentials } from '#lib/client/lists/use-credentials.ts';
import { usePeople } from '#lib/client/lists/use-people.ts';
import { serverNow } from '#lib/client/time.ts';
import { type EgressEntryInput, tlsPinSchema } from '#lib/contracts/egress-input.ts';
import { entryFrom } from './entry-from.ts';
import { ENTRY_HOURS, entrySentence, GATEWAY } from './entry-words.ts';
import { IdentitySelect, useIdentityChoices } from './identity-select.tsx';
import { useAddEntry } from './use-egress.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Allows one more destination; what it opens is read as a sentence before it is added. */
export function AddEntryDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Allow a destination"
        description="Servers you add show the entry they need by themselves. This is for everything else."
        width="lg"
      >
        <AddForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const add = useAddEntry();
  const choices = useIdentityChoices();
  const [identity, setIdentity] = useState(GATEWAY);
  const [address, setAddress] = useState('');
  const [cidr, setCidr] = useState('');
  const [pin, setPin] = useState('');
  const [certificate, setCertificate] = useState('');
  const [owner, setOwner] = useState('');
  const [end, setEnd] = useState<EndChoice>({ kind: 'in', hours: 30 * 24 });
  const [reason, setReason] = useState('');
  const place = entryFrom(address);
  // The gateway looks inside its own TLS only: what agents and servers open is passed on as it is.
  const mayPin = place?.scheme === 'https' && identity === GATEWAY;
  const wrongPin = mayPin && pin !== '' && !tlsPinSchema.safeParse(pin).success;
  const expires = endOf(end, serverNow());
  const said = {
    identity,
    cidr: cidr.trim() === '' ? null : cidr.trim(),
    tlsPin: mayPin && pin !== '' ? pin : null,
    clientCertificate: mayPin && certificate !== '' ? certificate : null,
  };
  const blocked =
    address === ''
      ? 'Give an address.'
      : place === null
        ? 'Give an address that begins with https:// or http://.'
        : wrongPin
          ? 'Correct the pinned key first.'
          : expires === undefined
            ? 'Name the last day.'
            : reasonBar(reason);
  const send = async () => {
    const expires = endOf(end, serverNow());
    if (place === null || expires === undefined) return;
    const entry: EgressEntryInput = {
      ...place,
      ...said,
      reason: reason.trim(),
      expires,
      ...(owner === '' ? {} : { owner }),
    };
    const answer = await add.run(entry);
    if (answer.ok) onDone();
  };
  return (
    <DialogForm commit="Allow" blocked={blocked} busy={add.busy} problem={add.problem} onSubmit={() => void send()}>
      <div className="grid items-start gap-4 sm:grid-cols-[13rem_minmax(0,1fr)]">
        <Field label="For whom">
          <IdentitySelect value={identity} choices={choices} onChange={(chosen) => setIdentity(chosen ?? GATEWAY)} />
        </Field>
        <Field label="Address" hint="Scheme, host (or *.host for one name below it), port, beginning of the path.">
          <Input
            value={address}
            onChange={(event) => setAddress(event.target.value.trim())}
            placeholder="https://tickets.example.com/mcp"
            inputMode="url"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
      </div>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <EndField value={end} onChange={setEnd} hours={ENTRY_HOURS} mayBeEndless />
        <OwnerField value={owner} onChange={setOwner} />
        <Field label="Address range" optional hint="For private and loopback addresses, such as 127.0.0.1/32.">
          <Input
            value={cidr}
            onChange={(event) => setCidr(event.target.value)}
            placeholder="10.20.0.0/16"
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
        {mayPin && <CertificateField value={certificate} onChange={setCertificate} />}
        {mayPin && (
          <Field
            label="Pinned key"
            optional
            hint="SHA-256 of its public key, base64."
            error={wrongPin ? '43 characters and an equals sign.' : null}
          >
            <Input
              value={pin}
              onChange={(event) => setPin(event.target.value.trim())}
              autoComplete="off"
              spellCheck={false}
              className="font-mono"
            />
          </Field>
        )}
      </div>
      <ReasonField value={reason} onChange={setReason} />
      {place !== null && expires !== undefined && (
        <Notice
          tone={place.scheme === 'http' || place.host.startsWith('*.') ? 'warning' : 'info'}
          title="What it opens"
        >
          <SafeText text={entrySentence({ ...place, ...said, expires })} />
        </Notice>
      )}
    </DialogForm>
  );
}

type ChoiceProps = { readonly value: string; readonly onChange: (value: string) => void };

function OwnerField({ value, onChange }: ChoiceProps) {
  const people = usePeople();
  return (
    <Field label="Who answers for it">
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">you</option>
        {(people.data?.items ?? [])
          .filter(({ status }) => status === 'active')
          .map(({ id, email, name }) => (
            <option key={id} value={email}>
              {name} ({email})
            </option>
          ))}
      </Select>
    </Field>
  );
}

/** Our certificate for the other side, where there is one to choose. */
function CertificateField({ value, onChange }: ChoiceProps) {
  const credentials = useCredentials();
  const certificates = (credentials.data?.items ?? []).filter(
    ({ kind, status }) => kind === 'client-certificate' && status !== 'retired' && status !== 'ended',
  );
  if (certificates.length === 0) return null;
  return (
    <Field label="Client certificate" optional hint="Shown to its own server’s address only.">
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">none</option>
        {certificates.map(({ id, name, server }) => (
          <option key={id} value={id}>
            {name} (for {server})
          </option>
        ))}
      </Select>
    </Field>
  );
}
