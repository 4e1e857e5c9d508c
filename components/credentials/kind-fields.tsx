'use client';

import type { ReactNode } from 'react';
import { Field } from '#components/ui/field.tsx';
import { Input, Select, Textarea } from '#components/ui/input.tsx';
import { type Draft, isMinted } from './credential-draft.ts';

type FieldsProps = { readonly draft: Draft; readonly onChange: (changes: Partial<Draft>) => void };
type TextKey = 'header' | 'variable' | 'username' | 'tokenUrl' | 'clientId' | 'scope' | 'resource' | 'audience';

/** What a kind needs beside its secret. */
export function KindFields({ draft, onChange }: FieldsProps) {
  const text = (key: TextKey, label: string, placeholder: string, more: { hint?: ReactNode; optional?: true } = {}) => (
    <Field label={label} {...more}>
      <Input
        value={draft[key]}
        onChange={(event) => onChange({ [key]: event.target.value })}
        placeholder={placeholder}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
      />
    </Field>
  );
  if (isMinted(draft.kind)) return <OauthFields draft={draft} onChange={onChange} text={text} />;
  if (draft.kind === 'header') return text('header', 'Header', 'X-Api-Key');
  if (draft.kind === 'env') return text('variable', 'Variable', 'TICKETS_TOKEN');
  if (draft.kind === 'client-certificate') {
    return (
      <CertificateField
        label="Certificate"
        value={draft.certificate}
        onChange={(certificate) => onChange({ certificate })}
      />
    );
  }
  if (draft.kind === 'basic')
    return text('username', 'User name', 'svc-countersign', { hint: 'Of a service account.' });
  return null;
}

function OauthFields({
  draft,
  onChange,
  text,
}: FieldsProps & {
  readonly text: (key: TextKey, label: string, placeholder: string, more?: { optional?: true }) => ReactNode;
}) {
  return (
    <>
      {text('tokenUrl', 'Token endpoint', 'https://id.example.com/oauth/token')}
      <div className="grid items-start gap-4 sm:grid-cols-2">
        {text('clientId', 'Client id', 'countersign')}
        <Field label="How the gateway proves itself">
          <Select
            value={draft.clientAuth}
            onChange={(event) =>
              onChange({
                clientAuth: event.target.value === 'private_key_jwt' ? 'private_key_jwt' : 'client_secret_basic',
              })
            }
          >
            <option value="private_key_jwt">with a key of its own (private_key_jwt)</option>
            <option value="client_secret_basic">with a client secret</option>
          </Select>
        </Field>
        {draft.kind === 'token-exchange' && (
          <Field label="What it exchanges">
            <Select
              value={draft.subject}
              onChange={(event) =>
                onChange({ subject: event.target.value === 'assertion' ? 'assertion' : 'client-credentials' })
              }
            >
              <option value="assertion">an assertion that it signs</option>
              <option value="client-credentials">a token that it got for itself</option>
            </Select>
          </Field>
        )}
        {text('scope', 'Scope', 'tickets:write', { optional: true })}
        {text('resource', 'Resource', 'https://tickets.example.com', { optional: true })}
        {text('audience', 'Audience', 'tickets', { optional: true })}
      </div>
    </>
  );
}

/** A certificate in PEM. It is public: its key goes where secrets go. */
export function CertificateField({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <Field label={label} hint="PEM, the certificate first. It is public.">
      <Textarea
        value={value}
        onChange={(event) => onChange(event.target.value)}
        rows={4}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        className="font-mono text-xs"
      />
    </Field>
  );
}
