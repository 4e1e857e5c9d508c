'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { type IncidentFolder, incidentsPageSchema } from '#lib/contracts/incidents.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

const PAGE = 50;

/** A folder of incidents, newest first, page by page. Only for those who may read them. */
export function useIncidents(folder: IncidentFolder, may: boolean) {
  return useInfiniteQuery({
    queryKey: queryKeys.incidents.list(folder),
    queryFn: ({ pageParam, signal }) =>
      fetching(
        withQuery('/api/v1/incidents', { folder, cursor: pageParam, limit: PAGE }),
        incidentsPageSchema,
      )({ signal }),
    initialPageParam: '',
    getNextPageParam: (last) => last.nextCursor,
    enabled: may,
  });
}
