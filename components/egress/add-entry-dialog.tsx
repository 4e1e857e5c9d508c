'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { EgressEntryInput } from '#lib/contracts/servers.ts';
import { entryFrom } from './entry-from.ts';
import { useAddEntry } from './use-egress.ts';

type Props = { readonly open: boolean; readonly onOpenChange: (open: boolean) => void };

/** Allows one more destination. */
export function AddEntryDialog({ open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Allow a destination"
        description="The gateway will be able to connect to it. Servers you add show the entry they need by themselves."
      >
        <AddForm onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function AddForm({ onDone }: { readonly onDone: () => void }) {
  const add = useAddEntry();
  const [address, setAddress] = useState('');
  const [cidr, setCidr] = useState('');
  const [reason, setReason] = useState('');
  const [ends, setEnds] = useState('');
  const place = entryFrom(address);
  const blocked =
    address === ''
      ? 'Give an address.'
      : place === null
        ? 'Give an address that begins with https:// or http://.'
        : reason.trim().length < 3
          ? 'Say why first, in a few words.'
          : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || place === null || add.busy) return;
    const entry: EgressEntryInput = {
      ...place,
      cidr: cidr.trim() === '' ? null : cidr.trim(),
      reason: reason.trim(),
      expires: ends === '' ? null : new Date(`${ends}T23:59:59`).toISOString(),
    };
    const answer = await add.run(entry);
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <Field
        label="Address"
        hint={
          place === null
            ? 'Scheme, host, port and the beginning of the path.'
            : `Allows ${place.scheme} to ${place.host}, port ${place.port}, paths from ${place.path}`
        }
      >
        <Input
          type="url"
          value={address}
          onChange={(event) => setAddress(event.target.value.trim())}
          placeholder="https://tickets.example.com/mcp"
          autoComplete="off"
          spellCheck={false}
          required
        />
      </Field>
      <Field label="Address range" optional hint="Required for private and loopback addresses, such as 127.0.0.1/32.">
        <Input
          value={cidr}
          onChange={(event) => setCidr(event.target.value)}
          placeholder="10.20.0.0/16"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="Why" hint="Kept in the log, and shown to others.">
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            maxLength={500}
            autoComplete="off"
          />
        </Field>
        <Field label="Ends on" optional>
          <Input type="date" value={ends} onChange={(event) => setEnds(event.target.value)} />
        </Field>
      </div>
      {add.problem !== null && <ProblemNotice problem={add.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={add.busy} disabledReason={blocked}>
          Allow
        </Button>
      </DialogActions>
    </form>
  );
}
