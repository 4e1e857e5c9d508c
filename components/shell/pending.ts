'use client';

import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetching, withQuery } from '#lib/client/api.ts';
import { newestOf } from '#lib/client/live-requests.ts';
import { freshenPage, type InboxFolder, rowsOf } from '#lib/client/live-rows.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalsPage, approvalsPageSchema } from '#lib/contracts/approvals.ts';

const PAGE = 200;

/** One folder of the inbox, page by page. The shell counts by it and the desk lists by it: one request feeds both. */
function inboxQuery(folder: InboxFolder) {
  return infiniteQueryOptions({
    queryKey: queryKeys.approvals.list(folder),
    queryFn: async ({ pageParam, signal, client }) => {
      const size = folder === 'pending' ? PAGE : 50;
      const path = withQuery('/api/v1/approvals', { status: folder, limit: size, cursor: pageParam });
      const page = await fetching(path, approvalsPageSchema)({ signal });
      return freshenPage(folder, page, newestOf(client));
    },
    initialPageParam: '',
    getNextPageParam: (last: ApprovalsPage) => last.nextCursor,
  });
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
