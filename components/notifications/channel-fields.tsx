'use client';

import { Field } from '#components/ui/field.tsx';
import { Input, Select } from '#components/ui/input.tsx';
import type { ChannelKind } from '#lib/core/notifications/kinds.ts';
import type { ChannelDraft, DraftField } from './channel-draft.ts';

type Props = {
  readonly kind: ChannelKind;
  readonly value: ChannelDraft;
  readonly onChange: (field: DraftField, text: string) => void;
  /** An existing channel: a secret that is left empty stays as it is. */
  readonly keeps: boolean;
};

/** What a channel of this kind needs to be told. Secrets go in and never come out. */
export function ChannelFields({ kind, value, onChange, keeps }: Props) {
  const text = (field: DraftField) => ({
    value: value[field],
    autoComplete: 'off',
    autoCapitalize: 'none',
    spellCheck: false,
    onChange: (event: { readonly target: { readonly value: string } }) => onChange(field, event.target.value),
  });
  const stays = keeps ? 'Leave it empty and it stays as it is.' : 'Sealed when it is kept, and never shown again.';
  switch (kind) {
    case 'web-push':
      return (
        <Field label="Contact" hint="Where a push service may write to you. It never reaches a reviewer.">
          <Input {...text('contact')} type="email" placeholder="ops@example.com" />
        </Field>
      );
    case 'email':
      return (
        <>
          <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_6rem]">
            <Field label="Mail server">
              <Input {...text('host')} placeholder="smtp.example.com" />
            </Field>
            <Field label="Port">
              <Input {...text('port')} inputMode="numeric" maxLength={5} />
            </Field>
          </div>
          <Field label="Encryption">
            <Select value={value.tls} onChange={(event) => onChange('tls', event.target.value)}>
              <option value="starttls">STARTTLS, usually on 587</option>
              <option value="implicit">TLS from the start, usually on 465</option>
              <option value="none">none: only to a private address, and without a password</option>
            </Select>
          </Field>
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="User name" optional>
              <Input {...text('username')} />
            </Field>
            <Field label="Password" optional hint={stays}>
              <Input {...text('password')} type="password" autoComplete="new-password" />
            </Field>
          </div>
          <div className="grid items-start gap-4 sm:grid-cols-[minmax(0,1fr)_9rem]">
            <Field label="From">
              <Input {...text('from')} type="email" placeholder="countersign@example.com" />
            </Field>
            <Field label="Most per person, an hour">
              <Input {...text('perHour')} inputMode="numeric" maxLength={4} />
            </Field>
          </div>
        </>
      );
    case 'slack':
      return (
        <>
          <Field label="Address of the incoming webhook" optional hint={`It is a secret. ${stays}`}>
            <Input {...text('webhookUrl')} type="url" placeholder="https://hooks.slack.com/services/…" />
          </Field>
          <p className="text-ink-3 text-xs">Or, in its place, a bot with the channel that it writes to:</p>
          <div className="grid items-start gap-4 sm:grid-cols-2">
            <Field label="Bot token" optional hint={stays}>
              <Input {...text('botToken')} type="password" autoComplete="new-password" />
            </Field>
            <Field label="Channel" optional>
              <Input {...text('room')} placeholder="#approvals" />
            </Field>
          </div>
          <Field
            label="Signing secret"
            optional
            hint="Of the Slack app; without it its buttons are answered by nobody."
          >
            <Input {...text('signingSecret')} type="password" autoComplete="new-password" />
          </Field>
        </>
      );
    case 'webhook':
      return (
        <Field
          label="Address"
          hint={keeps ? stays : 'Each request is signed (Standard Webhooks); the secret is shown once.'}
        >
          <Input {...text('url')} type="url" placeholder="https://example.com/hooks/countersign" />
        </Field>
      );
  }
}
