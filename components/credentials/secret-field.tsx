'use client';

import { Field } from '#components/ui/field.tsx';
import { Input, Textarea } from '#components/ui/input.tsx';

type SecretFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Why the server refused it, beside the field where it stands. */
  readonly error: string | null;
  /** A key in PEM keeps its lines, which a password field would join. */
  readonly lines?: boolean;
};

/** A secret on its way in. It is never shown, and nobody gets it back: not from here, not from the API. */
export function SecretField({ label, value, onChange, error, lines = false }: SecretFieldProps) {
  return (
    <Field
      label={label}
      hint="Goes in and never comes out: sealed for this one server, and shown to nobody again."
      error={error}
    >
      {lines ? (
        <Textarea
          value={value}
          onChange={(event) => onChange(event.target.value)}
          rows={4}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="font-mono text-xs [-webkit-text-security:disc]"
        />
      ) : (
        <Input
          type="password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
          // A password manager must neither offer a person's password here nor keep this one.
          autoComplete="new-password"
          data-1p-ignore
          data-lpignore="true"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
