'use client';

import { KeyRound, LogIn } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Notice } from '#components/ui/notice.tsx';
import { ProblemNotice } from '#components/ui/problem-notice.tsx';
import { signIn, signInByPasskey } from '#lib/client/sign-in.ts';
import { goToProvider } from '#lib/client/use-proof.ts';
import type { Problem } from '#lib/contracts/problems.ts';
import { AuthHeading } from './auth-frame.tsx';

type SignInFormProps = {
  readonly next: string;
  /** Why no passkey works at this address; null = they work. */
  readonly noPasskeysBecause: string | null;
  /** What the provider is called; null = none is set up. */
  readonly provider: string | null;
  readonly passwords: boolean;
  /** Why the provider's answer let nobody in. */
  readonly refused: Problem | null;
};

type Way = 'password' | 'passkey' | 'provider';

/**
 * The provider, a passkey, or e-mail and password, as far as each is open here. After success the whole page is loaded
 * anew, so that nothing from before sign-in survives in it.
 */
export function SignInForm({ next, noPasskeysBecause, provider, passwords, refused }: SignInFormProps) {
  const [problem, setProblem] = useState<Problem | null>(refused);
  const [busy, setBusy] = useState<Way | null>(null);
  const password = useRef<HTMLInputElement>(null);
  const onlyPasskeys = !passwords && provider === null;
  const attempt = async (way: Way, run: () => Promise<{ ok: true } | { ok: false; error: Problem }>) => {
    if (busy !== null) return;
    setBusy(way);
    setProblem(null);
    const answer = await run();
    // On the way to the provider the page is about to go; whoever comes back by its history finds it as it was.
    if (answer.ok && way !== 'provider') return window.location.assign(next);
    setBusy(null);
    if (!answer.ok) setProblem(answer.error);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '');
    await attempt('password', () => signIn({ email: text('email').trim(), password: text('password') }));
    password.current?.select();
  };
  return (
    <form onSubmit={submit} className="grid gap-4">
      <AuthHeading title="Sign in">To see and decide what your agents are about to do.</AuthHeading>
      {!passwords && (
        <Notice tone="info" title="Passwords are off here">
          {provider === null ? 'You come in with a passkey.' : `You come in through ${provider}, or with a passkey.`}
        </Notice>
      )}
      {provider !== null && (
        <Button
          size="lg"
          variant="primary"
          busy={busy === 'provider'}
          onClick={() => void attempt('provider', () => goToProvider('/api/v1/sign-in/sso', next))}
        >
          <LogIn aria-hidden="true" className="size-4" />
          Sign in with {provider}
        </Button>
      )}
      {passwords && (
        <>
          <Field label="E-mail">
            <Input name="email" type="email" autoComplete="username" required autoFocus={provider === null} />
          </Field>
          <Field label="Password">
            <Input ref={password} name="password" type="password" autoComplete="current-password" required />
          </Field>
        </>
      )}
      {problem?.code === 'not-signed-in' ? (
        <Notice tone="danger" role="alert" title={problem.detail} />
      ) : (
        problem !== null && <ProblemNotice problem={problem} />
      )}
      {passwords && (
        <Button type="submit" variant={provider === null ? 'primary' : 'plain'} size="lg" busy={busy === 'password'}>
          Sign in
        </Button>
      )}
      {noPasskeysBecause === null ? (
        <Button
          size="lg"
          variant={onlyPasskeys ? 'primary' : 'plain'}
          busy={busy === 'passkey'}
          onClick={() => void attempt('passkey', signInByPasskey)}
        >
          <KeyRound aria-hidden="true" className="size-4" />
          Sign in with a passkey
        </Button>
      ) : (
        <p className="text-ink-3 text-xs">{noPasskeysBecause}</p>
      )}
      <p className="text-ink-3 text-xs">
        {isProviderDown(problem) && 'While the provider is away, a passkey still lets you in. '}
        Locked out? On the server, <code>npx countersign people reset &lt;e-mail&gt;</code> prints a one-time link.
      </p>
    </form>
  );
}

/** Whether it was the provider that could not be asked, and not the person who was refused. */
function isProviderDown(problem: Problem | null): boolean {
  return problem?.code === 'sso-unavailable';
}
