'use client';

import { useQuery } from '@tanstack/react-query';
import { fetching } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalDetail, approvalDetailSchema } from '#lib/contracts/approvals.ts';

/** Of two answers about one request the newer version: a slow poll must not bring back what a vote has changed. */
export function newerRecord(old: ApprovalDetail | undefined, fresh: ApprovalDetail): ApprovalDetail {
  return old !== undefined && old.id === fresh.id && old.version > fresh.version ? old : fresh;
}

/** One request, whole. */
export function useApproval(id: string) {
  return useQuery({
    queryKey: queryKeys.approvals.detail(id),
    queryFn: async ({ signal, client }) => {
      const fresh = await fetching(`/api/v1/approvals/${encodeURIComponent(id)}`, approvalDetailSchema)({ signal });
      return newerRecord(client.getQueryData<ApprovalDetail>(queryKeys.approvals.detail(id)), fresh);
    },
  });
}
