'use client';

import { infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetching, withQuery } from '#lib/client/api.ts';
import { freshenPage, type InboxFolder, newestOf, rowsOf } from '#lib/client/live-rows.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type ApprovalsPage, approvalsPageSchema } from '#lib/contracts/approval-rows.ts';

const PAGE = 200;
/** Rows of a page of what was decided. */
export const OLDER_PAGE = 50;

/** One folder of the inbox, page by page. The shell counts by it and the desk lists by it: one request feeds both. */
function inboxQuery(folder: InboxFolder, search: string) {
  return infiniteQueryOptions({
    queryKey: queryKeys.approvals.list(folder, search),
    queryFn: async ({ pageParam, signal, client }) => {
      const size = folder === 'pending' ? PAGE : OLDER_PAGE;
      const path = withQuery('/api/v1/approvals', { status: folder, limit: size, q: search, cursor: pageParam });
      const page = await fetching(path, approvalsPageSchema)({ signal });
      return freshenPage(folder, page, newestOf(client));
    },
    initialPageParam: '',
    getNextPageParam: (last: ApprovalsPage) => last.nextCursor,
  });
}

/**
 * A folder's rows loaded so far and the query behind them; with a search, those that the server finds in all of the folder.
 * While another search is on its way the rows of the one before stay.
 */
export function useInbox(folder: InboxFolder, search = '') {
  const query = useInfiniteQuery({
    ...inboxQuery(folder, search),
    ...(search === '' ? {} : { placeholderData: keepPreviousData }),
  });
  const rows = useMemo(() => rowsOf(query.data), [query.data]);
  return { query, rows };
}

/** How many requests wait, as a short text: `7`, `200+`, or null while unknown. */
export function usePendingCount(): string | null {
  const { query, rows } = useInbox('pending');
  if (query.data === undefined) return null;
  return query.hasNextPage ? `${rows.length}+` : String(rows.length);
}
