'use client';

import { useQueryClient } from '@tanstack/react-query';
import { type Me, reauthAnswerSchema } from '#lib/contracts/me.ts';
import { ssoStartedSchema } from '#lib/contracts/sso-start.ts';
import { type ApiResult, api } from './api.ts';
import { askPasskey } from './passkey.ts';
import { queryKeys } from './query-keys.ts';
import { useMe } from './use-me.ts';

/**
 * How the person signed in proves again that it is them: with a password where they have one, else with a passkey or at the
 * provider.
 */
export type Proof = {
  readonly hasPassword: boolean;
  /** The other ways they have, for whoever has no password. */
  readonly others: Me['provesBy'];
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
    others: me.data?.provesBy ?? { passkey: false, provider: false },
    bar: (password) => {
      if (hasPassword) return password === '' ? 'Enter your password first.' : null;
      return isProven ? null : 'Prove again that it is you first.';
    },
  };
}

function isFresh(me: Me, since: string | null): boolean {
  return since === null ? me.provenUntil !== null : Date.parse(me.provenAt) > Date.parse(since);
}

/** Asks for a passkey and has the console take it as the proof; the session goes on under a new cookie. */
export function useProveByPasskey(): () => Promise<ApiResult<unknown>> {
  const queries = useQueryClient();
  return async () => {
    const asked = await askPasskey('/api/v1/me/reauth/passkey/options', {});
    if (!asked.ok) return asked;
    const assertion = asked.value;
    const proven = await api.send('POST', '/api/v1/me/reauth/passkey', { assertion }, reauthAnswerSchema);
    if (proven.ok) await queries.invalidateQueries({ queryKey: queryKeys.me });
    return proven;
  };
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
