'use client';

import type { Me } from '#lib/contracts/people.ts';
import { ssoStartedSchema } from '#lib/contracts/sso.ts';
import { type ApiResult, api } from './api.ts';
import { useMe } from './use-me.ts';

/** How the person signed in proves again that it is them: with a password where they have one, else at the provider. */
export type Proof = {
  readonly hasPassword: boolean;
  /** Why what asks for the proof cannot be sent yet; null = it can. */
  readonly bar: (password: string) => string | null;
};

/** `since`: the proof must be younger than this, and may then be any age; without it, a few minutes old at most. */
export function useProof(since: string | null = null): Proof {
  const me = useMe();
  const hasPassword = me.data?.hasPassword ?? true;
  const isProven = me.data !== undefined && isFresh(me.data, since);
  return {
    hasPassword,
    bar: (password) => {
      if (hasPassword) return password === '' ? 'Enter your password first.' : null;
      return isProven ? null : 'Prove again that it is you first.';
    },
  };
}

function isFresh(me: Me, since: string | null): boolean {
  return since === null ? me.provenUntil !== null : Date.parse(me.provenAt) > Date.parse(since);
}

/** Leaves for the provider; the browser comes back to `next` with the proof. Answers only when that was refused. */
export async function goToProvider(
  path: '/api/v1/me/sso' | '/api/v1/sign-in/sso',
  next: string,
): Promise<ApiResult<unknown>> {
  const started = await api.send('POST', path, { next }, ssoStartedSchema);
  if (started.ok) window.location.assign(started.value.url);
  return started;
}
