'use client';

import type { z } from 'zod';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { inviteAnswerSchema, type inviteSchema } from '#lib/contracts/links.ts';
import { reauthAnswerSchema } from '#lib/contracts/me.ts';
import type { personPatchSchema } from '#lib/contracts/people.ts';

const BASE = '/api/v1/people';
const STALE = [queryKeys.people, queryKeys.me];

type Invitation = z.input<typeof inviteSchema> & { readonly password: string };

/** Makes an invitation. The proof goes first; whoever has no password gave it at the provider. */
export function useInvite() {
  return useWrite(async ({ password, ...body }: Invitation) => {
    const refused = await prove(password);
    return refused ?? api.send('POST', `${BASE}/invite`, body, inviteAnswerSchema);
  }, STALE);
}

export function usePatchPerson(id: string) {
  return useWrite(
    (body: z.infer<typeof personPatchSchema>) => api.send('PATCH', `${BASE}/${id}`, body, nothingSchema),
    STALE,
  );
}

/** Makes a link with which somebody sets a new password, after the proof; using it signs them out everywhere. */
export function useResetLink(id: string) {
  return useWrite(async (password: string) => {
    const refused = await prove(password);
    return refused ?? api.send('POST', `${BASE}/${id}/reset-link`, {}, inviteAnswerSchema);
  }, STALE);
}

/** Says that an account is somebody of their own, after the proof. */
export function useConfirmPerson(id: string) {
  return useWrite(async (password: string) => {
    const refused = await prove(password);
    return refused ?? api.send('POST', `${BASE}/${id}/confirm`, {}, nothingSchema);
  }, STALE);
}

/** Null where the person is proven, or was not asked for a password. */
async function prove(password: string) {
  if (password === '') return null;
  const proven = await api.send('POST', '/api/v1/me/reauth', { password }, reauthAnswerSchema);
  return proven.ok ? null : proven;
}
