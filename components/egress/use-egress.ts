'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, fetching, nothingSchema, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { useWrite } from '#lib/client/use-write.ts';
import { egressEntrySchema, egressIdentitiesSchema, type OnFirstSeen } from '#lib/contracts/egress.ts';
import { type EgressVerdict, egressAttemptsPageSchema } from '#lib/contracts/egress-attempts.ts';
import type { EgressAllow, EgressEntryInput, EgressPatch } from '#lib/contracts/egress-input.ts';

const BASE = '/api/v1/egress';
const STALE = [queryKeys.egress.all];
/** Connections are counted in batches, and an allowed one is told by no hint. */
const COUNT_EVERY_MS = 5000;
const PAGE = 50;

export function useAddEntry() {
  return useWrite((body: EgressEntryInput) => api.send('POST', BASE, body, egressEntrySchema), STALE);
}

export function usePatchEntry(id: string) {
  return useWrite((body: EgressPatch) => api.send('PATCH', `${BASE}/${id}`, body, egressEntrySchema), STALE);
}

export function useRemoveEntry() {
  return useWrite((id: string) => api.send('DELETE', `${BASE}/${id}`, undefined, nothingSchema), STALE);
}

export function useAllowAttempt(id: string) {
  return useWrite(
    (body: EgressAllow) => api.send('POST', `${BASE}/attempts/${id}/allow`, body, egressEntrySchema),
    STALE,
  );
}

/** Where everybody went or was refused, newest first, page by page. */
export function useAttempts(verdict: EgressVerdict, identity: string | null) {
  return useInfiniteQuery({
    queryKey: queryKeys.egress.attempts(verdict, identity),
    queryFn: ({ pageParam, signal }) =>
      fetching(
        withQuery(`${BASE}/attempts`, { verdict, identity, cursor: pageParam, limit: PAGE }),
        egressAttemptsPageSchema,
      )({ signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    refetchInterval: COUNT_EVERY_MS,
  });
}

/** Everybody who has a list of their own or tried to go somewhere. */
export function useIdentities() {
  return useQuery({
    queryKey: queryKeys.egress.identities,
    queryFn: fetching(`${BASE}/identities`, egressIdentitiesSchema),
  });
}

export function useSetFirstSeen() {
  return useWrite(
    ({ identity, onFirstSeen }: { readonly identity: string; readonly onFirstSeen: OnFirstSeen }) =>
      api.send('PATCH', `${BASE}/identities/${encodeURIComponent(identity)}`, { onFirstSeen }, egressIdentitiesSchema),
    STALE,
  );
}
