'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Dialog, DialogActions, DialogClose, DialogContent } from '#components/ui/dialog.tsx';
import { DialogForm } from '#components/ui/dialog-form.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ReasonField, reasonBar } from '#components/ui/reason-field.tsx';
import { SecretOnce } from '#components/ui/secret-once.tsx';
import { nameSchema } from '#lib/contracts/shared-shapes.ts';
import { CHANNEL_KINDS, type ChannelKind, NOTICE_KINDS, type NoticeKind } from '#lib/core/notifications/kinds.ts';
import { configOf, draftOf } from './channel-draft.ts';
import { ChannelFields } from './channel-fields.tsx';
import { EgressNeeded, entriesNeeded } from './egress-needed.tsx';
import { KindsField } from './kinds-field.tsx';
import { CHANNEL_WORDS } from './notice-words.ts';
import { useCreateChannel } from './use-notifications.ts';

type Props = {
  /** The kinds there are already: web push and e-mail exist once. */
  readonly taken: readonly ChannelKind[];
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
};

/** Adds a channel. The first try shows the allowlist entries that it needs; the second adds both. */
export function NewChannelDialog({ taken, open, onOpenChange }: Props) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Add a channel"
        description="A notification carries the tier, what waits and a link. Never arguments, and it never decides."
        onInteractOutside={(event) => event.preventDefault()}
      >
        <NewForm taken={taken} onDone={() => onOpenChange(false)} />
      </DialogContent>
    </Dialog>
  );
}

const NAMES: Readonly<Record<ChannelKind, string>> = {
  'web-push': 'push',
  email: 'mail',
  slack: 'slack',
  webhook: 'hook',
};

function NewForm({ taken, onDone }: { readonly taken: readonly ChannelKind[]; readonly onDone: () => void }) {
  const create = useCreateChannel();
  const offered = CHANNEL_KINDS.filter((one) => one === 'slack' || one === 'webhook' || !taken.includes(one));
  const [kind, setKind] = useState<ChannelKind>(offered[0] ?? 'webhook');
  const [typedName, setName] = useState<string | null>(null);
  const [draft, setDraft] = useState(draftOf(null));
  const [kinds, setKinds] = useState<NoticeKind[]>([...NOTICE_KINDS]);
  const [reason, setReason] = useState('');
  const name = typedName ?? NAMES[kind];
  const config = configOf(kind, draft);
  const needed = entriesNeeded(create.problem);
  const secret = create.answer?.secret ?? null;
  const blocked = !nameSchema.safeParse(name).success
    ? 'A name of lower-case letters, digits and hyphens.'
    : config === null
      ? 'Something is missing, or not in its form.'
      : reasonBar(reason);
  const send = async () => {
    if (config === null) return;
    const answer = await create.run({ name, config, kinds, addEgress: needed !== null, reason: reason.trim() });
    if (answer.ok && answer.value.secret === null) onDone();
  };
  if (secret !== null) return <Secret value={secret} />;
  return (
    <DialogForm
      commit={needed === null ? 'Add' : 'Add with these destinations'}
      blocked={blocked}
      busy={create.busy}
      problem={needed === null ? create.problem : null}
      onSubmit={() => void send()}
    >
      <Field label="Kind">
        <Select
          value={kind}
          onChange={(event) => setKind(CHANNEL_KINDS.find((one) => one === event.target.value) ?? kind)}
        >
          {offered.map((one) => (
            <option key={one} value={one}>
              {CHANNEL_WORDS[one]}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Name">
        <Input
          value={name}
          maxLength={32}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <ChannelFields
        kind={kind}
        value={draft}
        keeps={false}
        onChange={(field, text) => {
          // Another place needs other entries: the ones that were shown are not confirmed for it.
          create.reset();
          setDraft({ ...draft, [field]: text });
        }}
      />
      <KindsField value={kinds} onChange={setKinds} />
      <ReasonField value={reason} onChange={setReason} />
      {needed !== null && <EgressNeeded entries={needed} />}
    </DialogForm>
  );
}

/** The webhook's secret, once. */
function Secret({ value }: { readonly value: string }) {
  return (
    <div className="grid gap-4">
      <Notice tone="warning" role="status" title="The secret is shown this once">
        <p>Give it to whoever receives the requests: with it they check that each is from here and fresh.</p>
      </Notice>
      <SecretOnce label="Signing secret" value={value} />
      <DialogActions>
        <DialogClose asChild>
          <Button variant="primary">Done</Button>
        </DialogClose>
      </DialogActions>
    </div>
  );
}
