'use client';

import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { fetching, withQuery } from '#lib/client/api.ts';
import { queryKeys } from '#lib/client/query-keys.ts';
import { type AuditPage, type AuditRow, auditPageSchema } from '#lib/contracts/audit.ts';
import { type Filters, queryOf } from './filters.ts';

const PAGE = 100;
const TAIL = 50;
const BASE = '/api/v1/audit';

/** Newest first; an entry that came in both ways stands once. */
function merge(tail: readonly AuditRow[], pages: readonly AuditPage[]): readonly AuditRow[] {
  const seen = new Set<string>();
  return [...tail, ...pages.flatMap((page) => page.items)].filter((row) => {
    if (seen.has(row.seq)) return false;
    seen.add(row.seq);
    return true;
  });
}

/**
 * The log under some filters: read backwards page by page, while its newest end is refetched as hints come. When more
 * came at once than the tail holds, the pages are read anew, so that nothing is left out in between.
 */
export function useTimeline(filters: Filters) {
  const client = useQueryClient();
  const query = useMemo(() => queryOf(filters), [filters]);
  const pages = useInfiniteQuery({
    queryKey: queryKeys.audit.timeline(query),
    queryFn: ({ pageParam, signal }) =>
      fetching(withQuery(BASE, { ...query, limit: PAGE, cursor: pageParam }), auditPageSchema)({ signal }),
    initialPageParam: query.cursor ?? '',
    getNextPageParam: (last: AuditPage) => last.nextCursor,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const tail = useQuery({
    queryKey: queryKeys.audit.tail(query),
    queryFn: fetching(withQuery(BASE, { ...query, limit: TAIL }), auditPageSchema),
    // A list that begins at a place of the past has no newest end.
    enabled: pages.isSuccess && query.cursor === undefined,
  });
  const newest = pages.data?.pages[0]?.items[0]?.seq;
  const oldestOfTail = tail.data?.items.at(-1)?.seq;
  const gap =
    newest !== undefined &&
    oldestOfTail !== undefined &&
    tail.data?.nextCursor !== null &&
    BigInt(oldestOfTail) > BigInt(newest);
  useEffect(() => {
    if (gap) void client.invalidateQueries({ queryKey: queryKeys.audit.timeline(query) });
  }, [gap, client, query]);
  const rows = useMemo(() => merge(tail.data?.items ?? [], pages.data?.pages ?? []), [tail.data, pages.data]);
  const head = tail.data?.head ?? pages.data?.pages[0]?.head ?? null;
  return { pages, rows, head };
}

const SESSION_PAGE = 200;

/** What the log knows of a session, newest first, read backwards page by page as the reader asks. */
export function useSession(sessionId: string) {
  return useInfiniteQuery({
    queryKey: queryKeys.audit.story({ session: sessionId }),
    queryFn: ({ pageParam, signal }) =>
      fetching(
        withQuery(BASE, { session: sessionId, limit: SESSION_PAGE, cursor: pageParam }),
        auditPageSchema,
      )({ signal }),
    initialPageParam: '',
    getNextPageParam: (last: AuditPage) => last.nextCursor,
  });
}

/** Everything the log knows of one call, oldest first. */
export function useStory(callId: string | null) {
  return useQuery({
    queryKey: queryKeys.audit.story({ call: callId ?? '' }),
    queryFn: fetching(withQuery(BASE, { call: callId, limit: 200 }), auditPageSchema),
    enabled: callId !== null,
    select: (page: AuditPage) => page.items.toReversed(),
  });
}
