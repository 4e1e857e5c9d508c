'use client';

import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalSummary, type ApprovalsPage, approvalsPageSchema } from '#lib/contracts/approvals.ts';

const PAGE = 200;
export type InboxFolder = 'pending' | 'history' | 'mine';

/** One folder of the inbox, page by page. The shell counts by it and the desk lists by it: one request feeds both. */
export function inboxQuery(folder: InboxFolder) {
  return infiniteQueryOptions({
    queryKey: queryKeys.approvals.list(folder),
    queryFn: ({ pageParam, signal }) =>
      fetching(
        withQuery('/api/v1/approvals', { status: folder, limit: folder === 'pending' ? PAGE : 50, cursor: pageParam }),
        approvalsPageSchema,
      )({ signal }),
    initialPageParam: '',
    getNextPageParam: (last: ApprovalsPage) => last.nextCursor,
  });
}

function rowsOf(data: InfiniteData<ApprovalsPage> | undefined): readonly ApprovalSummary[] {
  return data?.pages.flatMap((page) => page.items) ?? [];
}

/** A folder's rows loaded so far and the query behind them. */
export function useInbox(folder: InboxFolder) {
  const query = useInfiniteQuery(inboxQuery(folder));
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  return { query, rows };
}

/** How many requests wait, as a short text: `7`, `200+`, or null while unknown. */
export function usePendingCount(): string | null {
  const { query, rows } = useInbox('pending');
  if (query.data === undefined) return null;
  return query.hasNextPage ? `${rows.length}+` : String(rows.length);
}
