'use client';

import { useQuery } from '@tanstack/react-query';
import { credentialsListSchema } from '#lib/contracts/credentials.ts';
import { fetching } from '../api.ts';
import { queryKeys } from '../query-keys.ts';

/** The upstream credentials, without their secrets. */
export function useCredentials() {
  return useQuery({
    queryKey: queryKeys.credentials.list,
    queryFn: fetching('/api/v1/credentials', credentialsListSchema),
  });
}
