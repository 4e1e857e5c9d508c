'use client';

import type { z } from 'zod';
import { type ApiResult, api, nothingSchema } from '#lib/client/api.ts';
import { askPasskey } from '#lib/client/passkey.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { type BreakGlass, breakGlassSchema, type breakGlassTermsSchema } from '#lib/contracts/exceptions.ts';

const BASE = '/api/v1/break-glass';
const STALE = [queryKeys.exceptions.all];

/** Opens a session with the person's passkey, which signs exactly these terms. */
export function useOpenBreakGlass() {
  return useWrite(async (terms: z.infer<typeof breakGlassTermsSchema>): Promise<ApiResult<BreakGlass>> => {
    const proof = await askPasskey(`${BASE}/challenge`, terms);
    if (!proof.ok) return proof;
    return api.send('POST', BASE, { ...terms, assertion: proof.value }, breakGlassSchema);
  }, STALE);
}

export function useEndBreakGlass(id: string) {
  return useWrite(
    (_: undefined) => api.send('POST', `${BASE}/${encodeURIComponent(id)}/end`, {}, nothingSchema),
    STALE,
  );
}

export function useReviewBreakGlass(id: string) {
  return useWrite(
    (note: string) => api.send('POST', `${BASE}/${encodeURIComponent(id)}/review`, { note }, nothingSchema),
    STALE,
  );
}
