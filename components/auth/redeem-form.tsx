'use client';

import { type FormEvent, useState } from 'react';
import type { z } from 'zod';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { api } from '#lib/client/api.ts';
import { signIn } from '#lib/client/sign-in.ts';
import { formatClock } from '#lib/client/time.ts';
import { type linkInfoSchema, linkRedeemedSchema, passwordSchema } from '#lib/contracts/links.ts';
import type { Problem } from '#lib/contracts/problems.ts';
import { AuthHeading } from './auth-frame.tsx';

type LinkInfo = z.infer<typeof linkInfoSchema>;

const WORDS: Readonly<
  Record<LinkInfo['kind'], { readonly title: string; readonly intro: string; readonly act: string }>
> = {
  setup: {
    title: 'Set up Countersign',
    intro: 'You become the first admin, with all three roles: reviewer, admin, security.',
    act: 'Create account',
  },
  invite: { title: 'Join Countersign', intro: 'Choose your name and a password.', act: 'Join' },
  reset: {
    title: 'New password',
    intro: 'All your sessions elsewhere end when you save it.',
    act: 'Save password',
  },
};

/** Uses the link up: makes the account or sets the password, then signs in with it. */
export function RedeemForm({ token, info }: { readonly token: string; readonly info: LinkInfo }) {
  const words = WORDS[info.kind];
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [password, setPassword] = useState('');
  const [touched, setTouched] = useState(false);
  const weak = passwordSchema.safeParse(password);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTouched(true);
    if (busy || !weak.success) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === 'string' && value.trim() !== '' ? { [name]: value.trim() } : {};
    };
    setBusy(true);
    setProblem(null);
    const body = { token, password, ...text('name'), ...(info.kind === 'setup' ? text('email') : {}) };
    const answer = await api.send('POST', '/api/v1/setup', body, linkRedeemedSchema);
    const signedIn = answer.ok ? await signIn({ email: answer.value.email, password }) : answer;
    if (signedIn.ok) return window.location.assign('/');
    // The link is used up but the account stands: signing in by hand is what remains.
    if (answer.ok) return window.location.assign('/sign-in');
    setBusy(false);
    setProblem(signedIn.error);
  };
  return (
    <form onSubmit={submit} className="grid gap-4" noValidate={false}>
      <AuthHeading title={words.title}>{words.intro}</AuthHeading>
      {info.kind === 'setup' ? (
        <Field label="E-mail">
          <Input name="email" type="email" autoComplete="username" required autoFocus />
        </Field>
      ) : (
        <Field label="E-mail">
          <Input type="email" autoComplete="username" readOnly value={info.email ?? ''} className="bg-sunken" />
        </Field>
      )}
      {info.kind !== 'reset' && (
        <Field label="Name" hint="Agents never see it; your colleagues do.">
          <Input name="name" autoComplete="name" required maxLength={100} />
        </Field>
      )}
      <Field
        label="Password"
        hint="At least 12 characters. A sentence is easier to keep than a riddle."
        error={touched && !weak.success ? 'Use at least 12 characters.' : null}
      >
        <Input
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          onBlur={() => setTouched(password !== '')}
        />
      </Field>
      {problem !== null && <ProblemNotice problem={problem} />}
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        {words.act}
      </Button>
      <p className="text-ink-3 text-xs">This link works once, until {formatClock(info.expiresAt)}.</p>
    </form>
  );
}
