'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import type { ServerDetail } from '#lib/contracts/servers.ts';
import { EgressConfirm } from './egress-confirm.tsx';
import { TierField } from './server-fields.tsx';
import { egressNeeded, usePatchServer } from './use-servers.ts';

type Props = {
  readonly server: ServerDetail;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Changes a server's tier, note or address; each change with its reason. */
export function EditServerDialog({ server, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent title={`Edit ${server.name}`} width="lg">
        <EditForm server={server} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ server, onDone }: { readonly server: ServerDetail; readonly onDone: () => void }) {
  const patch = usePatchServer(server.id);
  const [tier, setTier] = useState(server.tier);
  const [description, setDescription] = useState(server.description);
  const [url, setUrl] = useState(server.url ?? '');
  const [reason, setReason] = useState('');
  const needed = egressNeeded(patch.problem);
  const moved = server.transport === 'http' && url !== server.url;
  const changed = moved || tier !== server.tier || description !== server.description;
  const blocked = !changed
    ? 'Nothing is changed yet.'
    : moved && !URL.canParse(url)
      ? 'Correct the address first.'
      : reason.trim().length < 3
        ? 'Say why first, in a few words.'
        : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (blocked !== null || patch.busy) return;
    const answer = await patch.run({
      reason: reason.trim(),
      ...(tier === server.tier ? {} : { tier }),
      ...(description === server.description ? {} : { description }),
      ...(moved ? { url } : {}),
      ...(needed === null ? {} : { egress: needed }),
    });
    if (answer.ok) onDone();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <TierField value={tier} onChange={setTier} />
      {server.transport === 'http' && (
        <Field label="Address">
          <Input
            type="url"
            value={url}
            onChange={(event) => {
              patch.reset();
              setUrl(event.target.value.trim());
            }}
            spellCheck={false}
            required
          />
        </Field>
      )}
      {moved && (
        <Notice tone="warning" title="Another address is another server">
          <p>Its tools must be accepted again before they can be called, and requests that wait now are void.</p>
        </Notice>
      )}
      <Field label="Note" optional>
        <Input value={description} onChange={(event) => setDescription(event.target.value)} maxLength={500} />
      </Field>
      <Field label="Why" hint="Kept in the log, and shown to others.">
        <Input value={reason} onChange={(event) => setReason(event.target.value)} maxLength={500} autoComplete="off" />
      </Field>
      {needed !== null && <EgressConfirm entry={needed} />}
      {patch.problem !== null && needed === null && <ProblemNotice problem={patch.problem} />}
      <DialogActions>
        <DialogClose asChild>
          <Button>Cancel</Button>
        </DialogClose>
        <Button type="submit" variant="primary" busy={patch.busy} disabledReason={blocked}>
          {needed === null ? 'Save' : 'Allow the destination and save'}
        </Button>
      </DialogActions>
    </form>
  );
}
