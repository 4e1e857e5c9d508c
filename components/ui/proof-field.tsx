'use client';

import { KeyRound, LogIn } from 'lucide-react';
import { useState } from 'react';
import type { ApiResult } from '#lib/client/api.ts';
import { goToProvider, type Proof, useProveByPasskey } from '#lib/client/use-proof.ts';
import { Button } from './button.tsx';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

type ProofFieldProps = {
  readonly proof: Proof;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string;
};

/** Asks for the password again; of somebody without one, for a passkey or that they sign in again at the provider. */
export function ProofField({ proof, value, onChange, hint }: ProofFieldProps) {
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
  return (
    // Said when it changes, because what is left to do is then another button.
    <div aria-live="polite">
      {proof.bar('') === null ? (
        <p className="text-ink-3 text-xs">You proved a moment ago that it is you.</p>
      ) : (
        <OtherWays ways={proof.others} />
      )}
    </div>
  );
}

function OtherWays({ ways }: { readonly ways: Proof['others'] }) {
  const proveByPasskey = useProveByPasskey();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState<'passkey' | 'provider' | null>(null);
  const prove = async (way: 'passkey' | 'provider', run: () => Promise<ApiResult<unknown>>) => {
    if (busy !== null) return;
    setBusy(way);
    setRefused(null);
    const answer = await run();
    setBusy(null);
    if (!answer.ok) setRefused(`${answer.error.title}. ${answer.error.next}`);
  };
  return (
    <div className="grid gap-1.5">
      <p className="text-ink-2 text-xs">{WORDS[wordFor(ways)]}</p>
      <div className="flex flex-wrap gap-2">
        {ways.passkey && (
          <Button busy={busy === 'passkey'} onClick={() => void prove('passkey', proveByPasskey)}>
            <KeyRound aria-hidden="true" className="size-4" />
            Prove it with a passkey
          </Button>
        )}
        {ways.provider && (
          <Button
            busy={busy === 'provider'}
            onClick={() => void prove('provider', () => goToProvider('/api/v1/me/sso', window.location.pathname))}
          >
            <LogIn aria-hidden="true" className="size-4" />
            Prove that it is you
          </Button>
        )}
      </div>
      {refused !== null && (
        <p role="alert" className="font-medium text-high text-xs">
          {refused}
        </p>
      )}
    </div>
  );
}

const WORDS = {
  both: 'You have no password here: use a passkey, or sign in again at the provider and come back.',
  passkey: 'You have no password here: your passkey says that it is you.',
  provider: 'You have no password here: sign in again at the provider, then come back.',
  none: 'You have no password here, no passkey and no account at a provider. Ask an admin to switch one of them on.',
} as const;

function wordFor(ways: Proof['others']): keyof typeof WORDS {
  if (ways.passkey && ways.provider) return 'both';
  if (ways.passkey) return 'passkey';
  return ways.provider ? 'provider' : 'none';
}
