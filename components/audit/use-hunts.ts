'use client';

import { useQuery } from '@tanstack/react-query';
import { api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { huntSchema, huntsPageSchema } from '#lib/contracts/hunts.ts';
import type { Filters } from './filters.ts';

const BASE = '/api/v1/audit/hunts';
const STALE = [queryKeys.audit.hunts];

/** One's own hunts: fifty at most, so one page holds them. */
export function useHunts() {
  return useQuery({ queryKey: queryKeys.audit.hunts, queryFn: fetching(BASE, huntsPageSchema) });
}

export function useSaveHunt() {
  return useWrite(({ name, filters }: { readonly name: string; readonly filters: Filters }) => {
    // A place in the list is no part of what is looked for.
    const { before: _, ...kept } = filters;
    return api.send('POST', BASE, { name, filters: kept }, huntSchema);
  }, STALE);
}

export function useRenameHunt() {
  return useWrite(
    ({ id, name }: { readonly id: string; readonly name: string }) =>
      api.send('PATCH', `${BASE}/${id}`, { name }, huntSchema),
    STALE,
  );
}

export function useForgetHunt() {
  return useWrite((id: string) => api.send('DELETE', `${BASE}/${id}`, {}, huntSchema), STALE);
}
