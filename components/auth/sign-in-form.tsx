'use client';

import { KeyRound } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { signIn, signInByPasskey } from '#lib/client/sign-in.ts';
import type { Problem } from '#lib/contracts/problems.ts';
import { AuthHeading } from './auth-frame.tsx';

type SignInFormProps = {
  readonly next: string;
  /** Why no passkey works at this address; null = they work. */
  readonly noPasskeysBecause: string | null;
};

/**
 * E-mail and password, or a passkey. After success the whole page is loaded anew, so that nothing from before sign-in
 * survives in it.
 */
export function SignInForm({ next, noPasskeysBecause }: SignInFormProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<'password' | 'passkey' | null>(null);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy !== null) return;
    const form = new FormData(event.currentTarget);
    setBusy('password');
    setProblem(null);
    const answer = await signIn({
      email: String(form.get('email') ?? '').trim(),
      password: String(form.get('password') ?? ''),
    });
    if (answer.ok) return window.location.assign(next);
    setBusy(null);
    setProblem(answer.error);
    password.current?.select();
  };
  const askForPasskey = async () => {
    if (busy !== null) return;
    setBusy('passkey');
    setProblem(null);
    const answer = await signInByPasskey();
    if (answer.ok) return window.location.assign(next);
    setBusy(null);
    setProblem(answer.error);
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <AuthHeading title="Sign in">To see and decide what your agents are about to do.</AuthHeading>
      <Field label="E-mail">
        <Input name="email" type="email" autoComplete="username" required autoFocus />
      </Field>
      <Field label="Password">
        <Input ref={password} name="password" type="password" autoComplete="current-password" required />
      </Field>
      {problem?.code === 'not-signed-in' ? (
        <Notice tone="danger" role="alert" title={problem.detail} />
      ) : (
        problem !== null && <ProblemNotice problem={problem} />
      )}
      <Button type="submit" variant="primary" size="lg" busy={busy === 'password'}>
        Sign in
      </Button>
      {noPasskeysBecause === null ? (
        <Button size="lg" busy={busy === 'passkey'} onClick={() => void askForPasskey()}>
          <KeyRound aria-hidden="true" className="size-4" />
          Sign in with a passkey
        </Button>
      ) : (
        <p className="text-ink-3 text-xs">{noPasskeysBecause}</p>
      )}
      <p className="text-ink-3 text-xs">
        Locked out? On the server, <code>npx countersign people reset &lt;e-mail&gt;</code> prints a one-time link.
      </p>
    </form>
  );
}
