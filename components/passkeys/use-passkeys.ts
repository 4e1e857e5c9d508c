'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching, nothingSchema } from '#lib/client/api.ts';
import { makePasskey } from '#lib/client/passkey.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite, type Write } from '#lib/client/use-write.ts';
import { reauthAnswerSchema } from '#lib/contracts/me.ts';
import { type Passkeys, passkeysSchema } from '#lib/contracts/passkeys.ts';

const PATH = '/api/v1/me/passkeys';
const KEY = [...queryKeys.me, 'passkeys'] as const;

/** One's own passkeys, and whether the browser can use any at this address. */
export function usePasskeys() {
  return useQuery({ queryKey: KEY, queryFn: fetching(PATH, passkeysSchema) });
}

/** Proves the password (or goes by a proof at the provider a moment ago), has the authenticator make a passkey, and keeps it under a name. */
export function useAddPasskey(): Write<{ readonly name: string; readonly password: string }, Passkeys> {
  return useWrite(
    async ({ name, password }) => {
      const made = await makePasskey(`${PATH}/options`, password === '' ? {} : { password });
      return made.ok ? api.send('POST', PATH, { name, response: made.value }, passkeysSchema) : made;
    },
    [KEY],
  );
}

/** Gives a passkey another name. */
export function useRenamePasskey(): Write<{ readonly id: string; readonly name: string }, Passkeys> {
  return useWrite(
    ({ id, name }) => api.send('PATCH', `${PATH}/${encodeURIComponent(id)}`, { name }, passkeysSchema),
    [KEY],
  );
}

/** Proves the password, or goes by a proof at the provider a moment ago, and takes a passkey out of use. */
export function useRemovePasskey(): Write<{ readonly id: string; readonly password: string }, unknown> {
  return useWrite(
    async ({ id, password }) => {
      if (password !== '') {
        const proven = await api.send('POST', '/api/v1/me/reauth', { password }, reauthAnswerSchema);
        if (!proven.ok) return proven;
      }
      return api.send('DELETE', `${PATH}/${encodeURIComponent(id)}`, undefined, nothingSchema);
    },
    [KEY],
  );
}
