'use client';

import { Field } from './field.tsx';
import { Input } from './input.tsx';

type ReasonFieldProps = {
  readonly label?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

/** Why somebody does it: kept in the log, and shown to others. */
export function ReasonField({ label = 'Why', value, onChange }: ReasonFieldProps) {
  return (
    <Field label={label} hint="Kept in the log, and shown to others.">
      <Input value={value} onChange={(event) => onChange(event.target.value)} maxLength={500} autoComplete="off" />
    </Field>
  );
}

/** What bars a form whose reason is missing; null = nothing. */
export function reasonBar(reason: string): string | null {
  return reason.trim().length < 3 ? 'Say why first, in a few words.' : null;
}
