'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import type { z } from 'zod';
import { buttonClasses } from '#components/ui/button-classes.ts';
import { Notice } from '#components/ui/notice.tsx';
import { Skeleton } from '#components/ui/skeleton.tsx';
import { type ApiProblem, api } from '#lib/client/api.ts';
import { linkInfoSchema } from '#lib/contracts/links.ts';
import { AuthHeading } from './auth-frame.tsx';
import { InvitedForm } from './invited-form.tsx';
import { JoinByPasskeyForm } from './join-by-passkey-form.tsx';
import { LinkOver } from './link-over.tsx';
import { RedeemForm } from './redeem-form.tsx';

type LinkInfo = z.infer<typeof linkInfoSchema>;
type State =
  | { readonly kind: 'reading' }
  | { readonly kind: 'no-token' }
  | { readonly kind: 'refused'; readonly problem: ApiProblem }
  | { readonly kind: 'ready'; readonly token: string; readonly info: LinkInfo };

let taken: string | null = null;

/**
 * Takes the token out of the address bar and the history, so that it is neither seen over a shoulder, nor synchronised,
 * nor sent as a referrer. It lives in this module until the page is left.
 */
function takeToken(): string | null {
  const url = new URL(window.location.href);
  const token = url.searchParams.get('token');
  if (token !== null) {
    taken = token;
    url.searchParams.delete('token');
    window.history.replaceState(window.history.state, '', url);
  }
  return taken;
}

/** What a one-time link leads to: the first account, an invitation, or a new password. */
export function LinkForm() {
  const [state, setState] = useState<State>({ kind: 'reading' });
  useEffect(() => {
    const token = takeToken();
    if (token === null) return setState({ kind: 'no-token' });
    let left = false;
    void api.send('POST', '/api/v1/links/info', { token }, linkInfoSchema).then((answer) => {
      if (left) return;
      setState(answer.ok ? { kind: 'ready', token, info: answer.value } : { kind: 'refused', problem: answer.error });
    });
    return () => {
      left = true;
    };
  }, []);
  switch (state.kind) {
    case 'reading':
      return (
        <div aria-busy="true" className="grid gap-4">
          <Skeleton className="h-6 w-40" />
          <Skeleton className="h-8" />
          <Skeleton className="h-8" />
          <Skeleton className="h-10" />
        </div>
      );
    case 'no-token':
      return (
        <>
          <AuthHeading title="A link is needed" />
          <Notice tone="info">
            Open the whole one-time link: the server prints it when it starts and has no admin yet; an admin sends it
            when you are invited.
          </Notice>
          <SignInLink />
        </>
      );
    case 'refused':
      return (
        <>
          <LinkOver problem={state.problem} />
          <SignInLink />
        </>
      );
    case 'ready':
      if (state.info.passwords) return <RedeemForm token={state.token} info={state.info} />;
      if (state.info.passkey) return <JoinByPasskeyForm token={state.token} info={state.info} />;
      return <InvitedForm info={state.info} />;
  }
}

function SignInLink() {
  return (
    <Link href="/sign-in" className={`${buttonClasses('plain', 'lg')} mt-4 w-full`}>
      To sign-in
    </Link>
  );
}
