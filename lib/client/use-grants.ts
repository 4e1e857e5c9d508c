'use client';

import { useQuery } from '@tanstack/react-query';
import { grantsPageSchema } from '#lib/contracts/grants.ts';
import { fetching, withQuery } from './api.ts';
import { queryKeys } from './query-keys.ts';

/** Grants that wait for votes or may be used, or those that ended, newest first. */
export function useGrants(status: 'live' | 'ended') {
  return useQuery({
    queryKey: queryKeys.grants.list(status),
    queryFn: fetching(withQuery('/api/v1/grants', { status, limit: 200 }), grantsPageSchema),
  });
}
