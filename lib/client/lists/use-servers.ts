'use client';

import { useQuery } from '@tanstack/react-query';
import { serversPageSchema } from '#lib/contracts/server-rows.ts';
import { fetching, withQuery } from '../api.ts';
import { queryKeys } from '../query-keys.ts';
import { WHOLE_LIST } from './whole-list.ts';

/** The registered servers. */
export function useServers() {
  return useQuery({
    queryKey: queryKeys.servers.list,
    queryFn: fetching(withQuery('/api/v1/servers', WHOLE_LIST), serversPageSchema),
  });
}
