'use client';

import { useState } from 'react';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Dialog, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import type { ChannelView } from '#lib/contracts/notifications.ts';
import type { NoticeKind } from '#lib/core/notifications/kinds.ts';
import { configOf, draftOf } from './channel-draft.ts';
import { ChannelFields } from './channel-fields.tsx';
import { EgressNeeded, entriesNeeded } from './egress-needed.tsx';
import { KindsField } from './kinds-field.tsx';
import { usePatchChannel } from './use-notifications.ts';

type Props = { readonly channel: ChannelView; readonly open: boolean; readonly onClose: () => void };

/** Changes a channel, or switches it off. What is not touched is not sent, and stays. */
export function EditChannelDialog({ channel, open, onClose }: Props) {
  return (
    <Dialog open={open} onOpenChange={(now) => !now && onClose()}>
      <DialogContent title={`Channel ${channel.name}`} onInteractOutside={(event) => event.preventDefault()}>
        <EditForm channel={channel} onDone={onClose} />
      </DialogContent>
    </Dialog>
  );
}

function EditForm({ channel, onDone }: { readonly channel: ChannelView; readonly onDone: () => void }) {
  const patch = usePatchChannel(channel.id);
  const [enabled, setEnabled] = useState(channel.enabled);
  const [kinds, setKinds] = useState<NoticeKind[]>([...channel.kinds]);
  const [draft, setDraft] = useState(draftOf(channel.config));
  const [touched, setTouched] = useState(false);
  const [newSecret, setNewSecret] = useState(false);
  const [reason, setReason] = useState('');
  const config = touched ? configOf(channel.kind, draft) : null;
  const needed = entriesNeeded(patch.problem);
  const sameKinds = kinds.join() === channel.kinds.join();
  const blocked =
    touched && config === null
      ? 'Something is missing, or not in its form.'
      : enabled === channel.enabled && sameKinds && !touched && !newSecret
        ? 'Nothing is changed yet.'
        : reasonBar(reason);
  const send = async () => {
    const answer = await patch.run({
      ...(enabled === channel.enabled ? {} : { enabled }),
      ...(sameKinds ? {} : { kinds }),
      ...(config === null ? {} : { config }),
      ...(newSecret ? { newSecret: true as const } : {}),
      addEgress: needed !== null,
      reason: reason.trim(),
    });
    if (answer.ok && answer.value.secret === null) onDone();
  };
  if (patch.answer !== undefined && patch.answer.secret !== null) {
    return (
      <div className="grid gap-4">
        <Notice tone="warning" role="status" title="The new secret is shown this once">
          <p>The old one signs beside it for a day, so that the other side can change over.</p>
        </Notice>
        <SecretOnce label="Signing secret" value={patch.answer.secret} />
      </div>
    );
  }
  return (
    <DialogForm
      commit={needed === null ? 'Save' : 'Save with these destinations'}
      blocked={blocked}
      busy={patch.busy}
      problem={needed === null ? patch.problem : null}
      onSubmit={() => void send()}
    >
      <Checkbox
        label="On"
        hint="Off, it sends nothing and takes nothing in."
        checked={enabled}
        onCheckedChange={(on) => setEnabled(on === true)}
      />
      <KindsField value={kinds} onChange={setKinds} />
      <ChannelFields
        kind={channel.kind}
        value={draft}
        keeps
        onChange={(field, text) => {
          patch.reset();
          setTouched(true);
          setDraft({ ...draft, [field]: text });
        }}
      />
      {channel.kind === 'webhook' && (
        <Checkbox
          label="Make another signing secret"
          hint="It is shown once; the old one goes on beside it for a day."
          checked={newSecret}
          onCheckedChange={(on) => setNewSecret(on === true)}
        />
      )}
      <ReasonField value={reason} onChange={setReason} />
      {needed !== null && <EgressNeeded entries={needed} />}
    </DialogForm>
  );
}
