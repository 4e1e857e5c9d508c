'use client';

import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import { type ApiResult, api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { reauthAnswerSchema } from '#lib/contracts/me.ts';
import { type SsoSettings, type ssoPatchSchema, ssoSettingsSchema } from '#lib/contracts/sso.ts';

const PATH = '/api/v1/sso';

export function useSso() {
  return useQuery({ queryKey: queryKeys.sso, queryFn: fetching(PATH, ssoSettingsSchema) });
}

type Change = { readonly patch: z.input<typeof ssoPatchSchema>; readonly password: string };

/** Changes how people sign in. The proof goes first; whoever has no password gave it at the provider. */
export function usePatchSso() {
  return useWrite(
    async ({ patch, password }: Change): Promise<ApiResult<SsoSettings>> => {
      if (password !== '') {
        const again = await api.send('POST', '/api/v1/me/reauth', { password }, reauthAnswerSchema);
        if (!again.ok) return again;
      }
      return api.send('PATCH', PATH, patch, ssoSettingsSchema);
    },
    [queryKeys.sso, queryKeys.me],
  );
}
