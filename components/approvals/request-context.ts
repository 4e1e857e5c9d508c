'use client';

import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiError, api, fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalContext, approvalContextSchema, presenceAnswerSchema } from '#lib/contracts/approval-context.ts';
import type { ApprovalDetail } from '#lib/contracts/approvals.ts';

/** The context of a request on its way: not there yet, there, or not to be had. */
export type ContextState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'there'; readonly context: ApprovalContext }
  | { readonly kind: 'failed'; readonly retry: () => void };

const FRESH_MS = 60_000;
const LOOK_MS = 20_000;

/** What explains a request. A context of another digest is none. */
export function useRequestContext(record: ApprovalDetail): ContextState {
  const query = useQuery({
    queryKey: queryKeys.approvals.context(record.id, record.digest),
    queryFn: fetching(`/api/v1/approvals/${encodeURIComponent(record.id)}/context`, approvalContextSchema),
    staleTime: FRESH_MS,
  });
  if (query.data !== undefined) {
    if (query.data.digest === record.digest) return { kind: 'there', context: query.data };
    return { kind: 'failed', retry: () => void query.refetch() };
  }
  return query.isError ? { kind: 'failed', retry: () => void query.refetch() } : { kind: 'loading' };
}

/** Whether this page is in view: a tab that was opened in the background shows nobody anything. */
function useIsVisible(): boolean {
  return useSyncExternalStore(
    (onChange) => {
      document.addEventListener('visibilitychange', onChange);
      return () => document.removeEventListener('visibilitychange', onChange);
    },
    () => document.visibilityState === 'visible',
    () => false,
  );
}

/**
 * Says every 20 seconds that this page is looked at, and hears who else looks. A page in the background says nothing:
 * after 90 seconds its reader no longer counts as looking. The first time it says so is when the request was first seen.
 */
export function usePresence(record: ApprovalDetail) {
  const isVisible = useIsVisible();
  return useQuery({
    queryKey: queryKeys.approvals.presence(record.id),
    queryFn: async () => {
      const answer = await api.send(
        'POST',
        `/api/v1/approvals/${encodeURIComponent(record.id)}/presence`,
        {},
        presenceAnswerSchema,
      );
      // A refusal must not pass for an answer: the line would take it for a server that is there.
      if (!answer.ok) throw new ApiError(answer.error);
      return answer.value.viewers;
    },
    enabled: isVisible && (record.status === 'pending' || record.status === 'approved'),
    refetchInterval: LOOK_MS,
    staleTime: LOOK_MS / 2,
  });
}
