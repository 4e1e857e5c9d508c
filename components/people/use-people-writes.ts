'use client';

import type { z } from 'zod';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { inviteAnswerSchema, type inviteSchema, type personPatchSchema } from '#lib/contracts/people.ts';

const BASE = '/api/v1/people';
const STALE = [queryKeys.people, queryKeys.me];

export function useInvite() {
  return useWrite(
    (body: z.input<typeof inviteSchema>) => api.send('POST', `${BASE}/invite`, body, inviteAnswerSchema),
    STALE,
  );
}

export function usePatchPerson(id: string) {
  return useWrite(
    (body: z.infer<typeof personPatchSchema>) => api.send('PATCH', `${BASE}/${id}`, body, nothingSchema),
    STALE,
  );
}

/** Makes a link with which somebody sets a new password; using it signs them out everywhere. */
export function useResetLink(id: string) {
  return useWrite((_: undefined) => api.send('POST', `${BASE}/${id}/reset-link`, {}, inviteAnswerSchema), STALE);
}
