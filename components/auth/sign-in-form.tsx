'use client';

import { type FormEvent, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { signIn } from '#lib/client/sign-in.ts';
import type { Problem } from '#lib/contracts/problems.ts';
import { AuthHeading } from './auth-frame.tsx';

/** E-mail and password. After success the whole page is loaded anew, so that nothing from before sign-in survives in it. */
export function SignInForm({ next }: { readonly next: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    const answer = await signIn({
      email: String(form.get('email') ?? '').trim(),
      password: String(form.get('password') ?? ''),
    });
    if (answer.ok) return window.location.assign(next);
    setBusy(false);
    setProblem(answer.error);
    password.current?.select();
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
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Sign in
      </Button>
      <p className="text-ink-3 text-xs">
        Locked out? On the server, <code>npx countersign people reset &lt;e-mail&gt;</code> prints a one-time link.
      </p>
    </form>
  );
}
