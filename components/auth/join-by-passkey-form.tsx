'use client';

import { KeyRound } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { type ApiProblem, api } from '#lib/client/api.ts';
import { makePasskey } from '#lib/client/passkey.ts';
import { formatClock } from '#lib/client/time.ts';
import { type linkInfoSchema, linkRedeemedSchema } from '#lib/contracts/links.ts';
import { AuthHeading } from './auth-frame.tsx';

type Props = { readonly token: string; readonly info: z.infer<typeof linkInfoSchema> };

/** Takes an invitation up with a passkey, where passwords are off and no provider is there; then the person is signed in. */
export function JoinByPasskeyForm({ token, info }: Props) {
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const join = async () => {
    const made = await makePasskey('/api/v1/setup/passkey/options', { token });
    if (!made.ok) return made;
    const body = { token, name: name.trim(), response: made.value };
    return api.send('POST', '/api/v1/setup/passkey', body, linkRedeemedSchema);
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    const joined = await join();
    if (joined.ok) return window.location.assign('/');
    setBusy(false);
    setProblem(joined.error);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <AuthHeading title="Join Countersign">There are no passwords here: you come in with a passkey.</AuthHeading>
      <Field label="E-mail">
        <Input type="email" autoComplete="username" readOnly value={info.email ?? ''} className="bg-sunken" />
      </Field>
      <Field label="Name" hint="Agents never see it; your colleagues do.">
        <Input
          autoComplete="name"
          required
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      {problem !== null && <ProblemNotice problem={problem} />}
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        <KeyRound aria-hidden="true" className="size-4" />
        Join with a passkey
      </Button>
      <p className="text-ink-3 text-xs">
        Your browser asks for a fingerprint, a face, a PIN or a security key. The link works once, until{' '}
        {formatClock(info.expiresAt)}. Afterwards add a passkey on a second device under Settings.
      </p>
    </form>
  );
}
