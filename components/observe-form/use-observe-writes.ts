'use client';

import type { z } from 'zod';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { observeOpenSchema } from '#lib/contracts/exceptions.ts';

const BASE = '/api/v1/observe';
const STALE = [queryKeys.exceptions.all];

export function useOpenObserve() {
  return useWrite((body: z.infer<typeof observeOpenSchema>) => api.send('POST', BASE, body, nothingSchema), STALE);
}

/** The second person's word; in a solo install the same person's, with the password. */
export function useConfirmObserve(id: string) {
  return useWrite(
    (password: string | null) =>
      api.send(
        'POST',
        `${BASE}/${encodeURIComponent(id)}/confirm`,
        password === null ? {} : { password },
        nothingSchema,
      ),
    STALE,
  );
}

/** Ending needs one person: it brings the rule back. */
export function useEndObserve(id: string) {
  return useWrite(
    (_: undefined) => api.send('POST', `${BASE}/${encodeURIComponent(id)}/end`, {}, nothingSchema),
    STALE,
  );
}
