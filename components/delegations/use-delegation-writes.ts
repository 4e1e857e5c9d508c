'use client';

import type { z } from 'zod';
import { api, nothingSchema } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import type { delegationCreateSchema } from '#lib/contracts/exceptions.ts';

const BASE = '/api/v1/delegations';
const STALE = [queryKeys.exceptions.all, queryKeys.approvals.all];

export function useCreateDelegation() {
  return useWrite((body: z.infer<typeof delegationCreateSchema>) => api.send('POST', BASE, body, nothingSchema), STALE);
}

export function useRevokeDelegation(id: string) {
  return useWrite(
    (_: undefined) => api.send('DELETE', `${BASE}/${encodeURIComponent(id)}`, undefined, nothingSchema),
    STALE,
  );
}
