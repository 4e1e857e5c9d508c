'use client';

import { useState } from 'react';
import { goToProvider, type Proof } from '#lib/client/use-proof.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

type ProofFieldProps = {
  readonly proof: Proof;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
};

/** Asks for the password again; of somebody without one, that they sign in again at the provider. */
export function ProofField({ proof, value, onChange, hint }: ProofFieldProps) {
  const [refused, setRefused] = useState<string | null>(null);
  if (proof.hasPassword) {
    return (
      <Field label="Your password" {...(hint === undefined ? {} : { hint })}>
        <Input
          type="password"
          autoComplete="current-password"
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      </Field>
    );
  }
  if (proof.bar('') === null) return <p className="text-ink-3 text-xs">You proved a moment ago that it is you.</p>;
  const leave = async () => {
    const answer = await goToProvider('/api/v1/me/sso', window.location.pathname);
    if (!answer.ok) setRefused(`${answer.error.title}. ${answer.error.next}`);
  };
  return (
    <div className="grid gap-1.5">
      <p className="text-ink-2 text-xs">You have no password here: sign in again at the provider, then come back.</p>
      <div>
        <Button onClick={() => void leave()}>Prove that it is you</Button>
      </div>
      {refused !== null && (
        <p role="alert" className="font-medium text-high text-xs">
          {refused}
        </p>
      )}
    </div>
  );
}
